"""A huge edit is judged and applied piece by piece between the turns of the loop; stored whole, shown whole, or not at all."""

import pycrdt

from server.crdt.messages import Update
from server.journal.journal import Record
from server.rooms.huge import pieces_of
from tests.rooms.world import START, Person, World

MANY = 700
"""Edits at places that do not touch: each is a struct of its own, so that there are several pieces."""


def away(person: Person, turns: int = MANY) -> bytes:
    """What somebody wrote without a network: words before words, as one update."""
    before = person.doc.get_state()
    for number in range(turns):
        person.write(f"слово{number} 🦔 " if number % 7 else "ї", at=0)
    return person.doc.get_update(before)


def world_of_large_edits() -> World:
    return World(in_place_bytes=4096)


def test_S2_a_huge_edit_is_taken_in_pieces_and_stored_as_it_was_received() -> None:
    world = world_of_large_edits()
    olena, ivan = world.enter("Олена"), world.enter("Іван")
    update = away(olena)
    olena.unsynced += 1
    olena.say(Update(update))
    world.turn()
    world.work()
    assert len(pieces_of(update)) > 2
    while not world.submissions:
        assert ivan.listen() == []
        world.turn()
    ivan.listen()
    assert ivan.text == START, "nothing is shown before the commit"
    world.settle()
    ivan.listen()
    olena.listen()
    assert ivan.text == olena.text == world.stored_text()
    assert olena.unsynced == 0
    assert [record.update for record in world.records()][-1] == update


def test_S2_what_others_type_while_a_huge_edit_is_taken_follows_it() -> None:
    world = world_of_large_edits()
    olena, ivan = world.enter("Олена"), world.enter("Іван")
    olena.unsynced += 1
    olena.say(Update(away(olena)))
    world.turn()
    ivan.typed("тим часом ")
    world.settle()
    for person in (olena, ivan):
        person.listen()
        assert (person.unsynced, person.text) == (0, world.stored_text())
    assert "тим часом" in world.stored_text()


def test_S14_a_document_that_is_loaded_again_in_the_middle_takes_the_edit_from_its_beginning() -> None:
    world = world_of_large_edits()
    olena = world.enter("Олена")
    olena.unsynced += 1
    olena.say(Update(away(olena)))
    world.turn()
    world.work()
    world.turn()
    world.room.reload()
    world.reopen()
    world.settle()
    olena.listen()
    assert (olena.unsynced, world.stored_text()) == (0, olena.text)
    assert own(world.records(), olena) == 1


def test_S11_a_huge_edit_that_is_refused_in_a_late_piece_leaves_nothing() -> None:
    world = world_of_large_edits()
    olena, ivan = world.enter("Олена"), world.enter("Іван")
    before = olena.doc.get_state()
    away(olena)
    foreign: pycrdt.Map[object] = olena.doc.get("foreign", type=pycrdt.Map)
    foreign["ключ"] = "значення"
    olena.say(Update(olena.doc.get_update(before)))
    world.settle()
    olena.listen()
    assert any("rejected" in told for told in olena.told())
    assert world.stored_text() == START
    ivan.typed("далі ")
    world.settle()
    ivan.listen()
    assert (ivan.unsynced, world.stored_text()) == (0, ivan.text)
    assert ivan.text == "далі " + START


def own(records: list[Record], person: Person) -> int:
    """How many stored updates are this person's."""
    return sum(record.author == person.user for record in records)
