"""Decisions on suggestions on their way through a room: looked up, judged, stored with their records or not at all."""

import json
from typing import Any

import pycrdt

from server.crdt.messages import Stateless, SyncStatus, Update
from server.journal.journal import Decided
from tests.rooms.world import Person, World

ONE, TWO = "1" * 32, "2" * 32


def decision(person: Person, suggestion: str = ONE, version: int = 3, what: str = "accept") -> bytes:
    """The entry alone, not sent."""
    before = person.doc.get_state()
    entries: pycrdt.Map[Any] = person.doc.get("resolutions", type=pycrdt.Map)
    entries[suggestion] = {"v": version, "a": what}
    return person.doc.get_update(before)


def claimed(version: int = 3, what: str = "accept") -> dict[str, object]:
    return {"v": version, "a": what}


def statuses(person: Person) -> list[bool]:
    return [message.saved for message in person.listen() if isinstance(message, SyncStatus)]


def test_R20_a_decision_waits_for_its_claim_and_what_follows_it_waits_too() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    world.claims[ONE] = claimed()
    olena.say(Update(decision(olena)))
    olena.typed("після ")
    petro.typed("поруч ")
    world.turn()
    assert [entry.author for entry in world.submissions[0].append.entries] == [petro.user]
    assert not world.room.is_saved
    world.settle()
    assert statuses(olena) == [True, True]
    assert world.decided == [Decided(ONE, 3, "accepted", olena.user)]
    assert world.announced == [ONE]
    assert world.stored_text().startswith(("після поруч", "поруч після"))


def test_R20_without_the_claim_or_with_another_value_it_is_refused() -> None:
    world = World()
    olena = world.enter("Олена")
    world.claims = {ONE: claimed(), TWO: claimed(3, "reopen")}
    stored = len(world.records())
    for update in (decision(olena, "3" * 32), decision(olena, version=2), decision(olena, what="reopen"), decision(olena, TWO)):
        world.room.receive(olena.connection, Update(update))
        world.settle()
    heard = [json.loads(message.payload) for message in olena.listen() if isinstance(message, Stateless)]
    assert heard[0]["rule"] == "G14"
    assert len(world.records()) == stored
    assert (world.decided, world.announced) == ([], [])


def test_R21_a_claim_lost_before_the_commit_stores_nothing_and_the_decision_is_judged_again() -> None:
    world = World()
    olena, petro = world.enter("Олена"), world.enter("Петро")
    world.claims[ONE] = claimed()
    olena.say(Update(decision(olena)))
    world.turn()
    world.look_up()
    world.turn()
    stored = len(world.records())
    del world.claims[ONE]
    world.lost.add(ONE)
    world.commit()
    assert len(world.records()) == stored
    world.settle()
    assert statuses(olena) == [False]
    assert json.loads(olena.told()[-1])["rule"] == "G14"
    assert world.decided == []
    petro.typed("далі ")
    world.settle()
    assert world.stored_text().startswith("далі ")


def test_P8_a_slow_client_is_told_later_that_it_missed_something_beside_the_text() -> None:
    world = World()
    slow, quick, stock = world.enter("Повільна"), world.enter("Швидкий"), world.enter("Чужа", stock=True)
    for person in (slow, quick, stock):
        person.listen()
    slow.transport.blocked = True
    big = {"type": "suggestion", "record": {"words": "ї" * 3000}}
    for _ in range(50):
        world.room.tell(lambda body: big if body == "mvs" else None)
    assert slow.transport.buffered_bytes < 20_000
    assert len(quick.listen()) == 50
    assert stock.listen() == []
    slow.transport.unblock()
    world.room.drained(slow.connection)
    world.settle()
    slow.listen()
    assert '{"type":"records","state":"missed"}' in slow.told()
    world.room.tell(lambda body: big if body == "minfin" else None)
    assert quick.listen() == []
