"""Every message a client can send, by every scope, in both protocols: what is stored, shown to others and answered."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from server.access.roles import Scope
from server.crdt import awareness
from server.crdt.awareness import AwarenessEntry
from server.crdt.messages import Awareness, Message, PermissionDenied, QueryAwareness, Stateless, SyncStatus, SyncStep1, SyncStep2, Update
from server.ids import ClientId
from tests.rooms.world import START, Person, World

Make = Callable[[Person, Person], Message]
"""What the first person says; the second is somebody else in the room who shows a cursor."""
TEXT = "Їжак 🦔 "
NOTHING_NEW = b"\x00\x00"
NOTHING_HELD = b"\x00"
NOT_ALLOWED = Stateless('{"type":"rejected","rule":"G1","detail":""}')


def edit(me: Person, _other: Person) -> Message:
    return Update(me.write(TEXT))


def edit_as_answer(me: Person, _other: Person) -> Message:
    return SyncStep2(me.write(TEXT))


def nothing_as_answer(_me: Person, _other: Person) -> Message:
    return SyncStep2(NOTHING_NEW)


def question(_me: Person, _other: Person) -> Message:
    return SyncStep1(NOTHING_HELD)


def own_cursor(me: Person, _other: Person) -> Message:
    return cursor_of(me.client, 5)


def cursor_of_somebody_else(_me: Person, other: Person) -> Message:
    return cursor_of(other.client, 9)


def leave_of_somebody_else(_me: Person, other: Person) -> Message:
    return Awareness(awareness.encode([AwarenessEntry(other.client, 9, None)]))


def who_is_here(_me: Person, _other: Person) -> Message:
    return QueryAwareness()


def refusal(_me: Person, _other: Person) -> Message:
    """What only a server says."""
    return PermissionDenied("ні")


def cursor_of(client: ClientId, clock: int) -> Message:
    return Awareness(awareness.encode([AwarenessEntry(client, clock, {"cursor": None})]))


@dataclass(frozen=True)
class Row:
    """Expected types, by protocol where they differ."""

    make: Make
    stored: bool = False
    shown: tuple[type, ...] = ()
    ours: tuple[object, ...] = ()
    stock: tuple[object, ...] = ()


SAVED = SyncStatus(saved=True)
REFUSED = SyncStatus(saved=False)
ANYONE = (
    Row(nothing_as_answer, ours=(SAVED,)),
    Row(question, ours=(SyncStep2, SyncStep1, Awareness), stock=(SyncStep2, SyncStep1, Awareness)),
    Row(own_cursor, shown=(Awareness,), ours=(Awareness,), stock=(Awareness,)),
    Row(cursor_of_somebody_else),
    Row(leave_of_somebody_else),
    Row(who_is_here, ours=(Awareness,), stock=(Awareness,)),
    Row(refusal),
)
WRITERS = (
    Row(edit, stored=True, shown=(Update,), ours=(SAVED,), stock=(Update,)),
    Row(edit_as_answer, stored=True, shown=(Update,), ours=(SAVED,), stock=(Update,)),
)
OTHERS = (
    Row(edit, ours=(REFUSED, NOT_ALLOWED), stock=(PermissionDenied("G1"),)),
    Row(edit_as_answer, ours=(REFUSED, NOT_ALLOWED), stock=(PermissionDenied("G1"),)),
)
TABLE = [
    pytest.param(row, scope, stock, id=f"{row.make.__name__}-{scope.value}-{'y-websocket' if stock else 'hocuspocus'}")
    for scope in (Scope.WRITE, Scope.SUGGEST, Scope.READ)
    for row in (*ANYONE, *(WRITERS if scope is Scope.WRITE else OTHERS))
    for stock in (False, True)
]


@pytest.mark.parametrize(("row", "scope", "stock"), TABLE)
def test_P3_what_a_message_does_follows_from_the_scope_alone(row: Row, scope: Scope, stock: bool) -> None:
    world = World()
    me, other = world.enter("Олена", scope=scope, stock=stock), world.enter("Петро")
    other.say(cursor_of(other.client, 1))
    world.settle()
    for person in (me, other):
        person.listen()
    before = world.records()

    me.say(row.make(me, other))
    world.settle()

    assert len(world.records()) - len(before) == int(row.stored)
    assert world.stored_text() == (TEXT if row.stored else "") + START
    assert [type(message) for message in other.listen()] == list(row.shown)
    answered = me.listen()
    for message, expected in zip(answered, row.stock if stock else row.ours, strict=True):
        assert message == expected or type(message) is expected
    assert other.text == world.stored_text()
