"""Two nodes store into one act at once: what the wire brings is not read from the journal, and nobody is told anything twice."""

from server.broker.broker import Committed
from server.crdt.messages import SyncStep1, SyncStep2, Update
from server.ids import Seq, UserId
from server.journal.journal import Append, Entry
from server.rooms.ahead import GAP_WAIT_S, MAX_HEARD, Ahead
from tests.rooms.world import DOCUMENT, START, Person, World, finish


class Elsewhere:
    """Another node, with one person at it."""

    def __init__(self, world: World, name: str = "Петро") -> None:
        self.world = world
        self.person = world.join(name)
        world.room.leave(self.person.connection)
        for record in world.records():
            self.person.doc.apply_update(record.update)

    def store(self, text: str) -> Committed:
        """Somebody types there; what the wire will say of it."""
        update = self.person.write(text, len(self.person.text))
        author = UserId(self.person.user)
        fence = finish(self.world.journal.read_head(DOCUMENT)).fence
        append = Append(DOCUMENT, fence, (Entry(update, author),), ((self.person.client, author),), ())
        finish(self.world.journal.append([append]))
        return Committed(DOCUMENT, fence.epoch, self.world.records()[-1].seq, (Entry(update, author),))


def updates(person: Person) -> int:
    return len([message for message in person.listen() if isinstance(message, Update)])


def two_nodes() -> tuple[World, Person, Person, Elsewhere]:
    world = World()
    return world, world.enter("Олена"), world.enter("Ганна"), Elsewhere(world)


def test_what_another_node_stored_while_ours_was_on_its_way_is_taken_without_the_journal() -> None:
    world, olena, hanna, there = two_nodes()
    olena.typed("наше ")
    world.turn()
    world.room.hear(there.store(" їхнє"))
    world.commit()
    world.turn()
    assert world.readings == []
    assert world.room.seq == world.records()[-1].seq
    assert updates(hanna) == 2
    assert hanna.text == "наше " + START + " їхнє" == world.stored_text()


def test_what_was_stored_before_ours_and_comes_after_it_is_waited_for_a_moment() -> None:
    world, olena, hanna, there = two_nodes()
    olena.typed("наше ")
    world.turn()
    said = there.store(" їхнє")
    world.commit()
    late = world.join("Юрій")
    late.say(SyncStep1(late.doc.get_state()))
    world.turn()
    assert [message for message in late.listen() if isinstance(message, SyncStep2)] == [], (
        "what is here may lack something stored before it"
    )
    world.room.hear(said)
    world.turn()
    world.wait(1)
    assert world.readings == []
    assert world.room.seq == world.records()[-1].seq
    assert updates(hanna) == 2
    late.listen()
    assert late.text == hanna.text == "наше " + START + " їхнє"
    world.settle()
    assert world.room.is_saved


def test_what_the_wire_does_not_bring_is_read_from_the_journal() -> None:
    world, olena, hanna, there = two_nodes()
    olena.typed("наше ")
    world.turn()
    there.store(" їхнє")
    world.commit()
    world.turn()
    assert world.readings == []
    world.wait(GAP_WAIT_S + 0.01)
    assert len(world.readings) == 1
    world.settle()
    hanna.listen()
    assert hanna.text == "наше " + START + " їхнє" == world.stored_text()
    assert world.room.seq == world.records()[-1].seq
    world.wait(1)
    assert world.readings == []


def test_several_batches_of_both_in_any_order_are_one_text_and_nothing_is_read() -> None:
    world, olena, hanna, there = two_nodes()
    said = []
    for number in range(4):
        olena.typed(f"н{number} ", len(olena.text))
        world.turn()
        said += [there.store(f" ї{number}"), there.store(f" ґ{number}")]
        world.commit()
        world.turn()
    for message in (*reversed(said), *said):  # the last ones first, and all of it twice
        world.room.hear(message)
        world.turn()
    world.wait(1)
    assert world.readings == []
    hanna.listen()
    olena.listen()
    assert hanna.text == olena.text == world.stored_text()
    assert all(word in hanna.text for number in range(4) for word in (f"н{number}", f"ї{number}", f"ґ{number}"))
    assert world.room.seq == world.records()[-1].seq
    assert olena.unsynced == 0


def test_a_gap_that_moves_on_does_not_make_the_journal_be_read() -> None:
    world, olena, _, there = two_nodes()
    for number in range(5):
        olena.typed(f"н{number} ")
        world.turn()
        said = there.store(f" ї{number}")
        world.commit()
        world.wait(GAP_WAIT_S * 0.7)
        world.room.hear(said)
        world.turn()
    world.wait(1)
    assert world.readings == []
    assert world.room.seq == world.records()[-1].seq


def test_after_the_document_was_loaded_again_nothing_waits_behind_a_gap() -> None:
    world, olena, hanna, there = two_nodes()
    olena.typed("наше ")
    world.turn()
    there.store(" їхнє")
    world.commit()
    world.room.reload()
    world.settle()
    world.wait(1)
    assert world.readings == []
    hanna.listen()
    assert hanna.text == "наше " + START + " їхнє"
    assert world.room.seq == world.records()[-1].seq
    olena.typed("далі ")
    world.settle()
    hanna.listen()
    assert hanna.text == world.stored_text()


def test_what_is_heard_is_bounded_and_what_is_past_is_forgotten() -> None:
    ahead = Ahead()
    heard = [
        Committed(DOCUMENT, finish(World().journal.read_head(DOCUMENT)).fence.epoch, Seq(n), (Entry(b"", UserId("u")),))
        for n in range(3, 900)
    ]
    for message in heard:
        ahead.hear(message)
    assert ahead.after(Seq(1)) is None
    assert ahead
    assert ahead.after(Seq(2)) is heard[0]
    taken = 0
    while (found := ahead.after(Seq(3 + taken))) is not None:
        assert found is heard[taken + 1]
        taken += 1
    assert taken == MAX_HEARD - 1
    assert not ahead
