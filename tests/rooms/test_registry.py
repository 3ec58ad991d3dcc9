"""Rooms are opened once, closed when everything is saved, drained before the end. Rules: docs/spec/sync.md."""

import asyncio

import pytest

from server.access.roles import Scope
from server.crdt import awareness
from server.crdt.awareness import AwarenessEntry
from server.crdt.messages import Awareness, Update
from server.errors import NotFound, TooManyRequests, Unavailable
from server.ids import ClientId, DocumentId, Seq, UserId
from server.journal.journal import Append, Entry
from server.rooms.seats import Seat
from tests.rooms.hall import Hall, actor, open_hall, turns, wait_until
from tests.rooms.wire import Closed, Wire
from tests.rooms.world import DOCUMENT, Outgoing, Person, seed


async def enter(hall: Hall, name: str) -> tuple[Seat, Outgoing]:
    """A Hocuspocus client's place in the document."""
    transport = Outgoing()
    return await hall.registry.join(transport, actor(name), DOCUMENT, address=DOCUMENT), transport


def edit(name: str, text: str) -> Update:
    """Somebody types at the beginning of the stored text."""
    person = Person(name, scope=Scope.WRITE, stock=False, client=7001)
    person.doc.apply_update(seed())
    return Update(person.write(text))


def show(seat: Seat, clock: int, place: int) -> None:
    """A client says where its cursor is."""
    entry = AwarenessEntry(ClientId(7001), clock, {"cursor": {"place": place}})
    seat.home.room.receive(seat.connection, Awareness(awareness.encode([entry])))


async def test_many_who_come_at_once_open_a_document_once() -> None:
    async with open_hall() as hall:
        seats = await asyncio.gather(*[enter(hall, f"Особа {count}") for count in range(20)])
        assert hall.journal.opened == 1
        assert len({id(seat.home) for seat, _ in seats}) == 1


async def test_a_document_that_cannot_be_read_is_read_again_for_the_next() -> None:
    async with open_hall() as hall:
        hall.journal.failing = True
        outcomes = await asyncio.gather(*[enter(hall, name) for name in ("Олена", "Петро")], return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
        hall.journal.failing = False
        await enter(hall, "Олена")
        assert hall.registry.open_documents == [DOCUMENT]


async def test_P1_an_idle_room_is_closed_only_when_everything_is_saved() -> None:
    async with open_hall(room_idle_seconds=60) as hall:
        seat, _ = await enter(hall, "Олена")
        hall.journal.failing = True
        seat.home.room.receive(seat.connection, edit("Олена", "Ґанок "))
        hall.registry.leave(seat)
        await turns(lambda: seat.home.room.saving_stopped)
        await hall.pass_time(3600)
        assert hall.registry.open_documents == [DOCUMENT]

        hall.journal.failing = False
        await wait_until(lambda: seat.home.room.is_saved)
        await hall.pass_time(59)
        await hall.pass_time(5)
        assert hall.registry.open_documents == []
        assert [record.seq for record in await hall.journal.read_after(DOCUMENT, Seq(1))] == [2]


async def test_a_room_somebody_is_in_is_never_idle() -> None:
    async with open_hall(room_idle_seconds=60) as hall:
        await enter(hall, "Олена")
        await hall.pass_time(86_400)
        assert hall.registry.open_documents == [DOCUMENT]


async def test_S20_one_person_has_so_many_places_and_no_more() -> None:
    async with open_hall(max_connections_per_user=2) as hall:
        first, _ = await enter(hall, "Олена")
        await enter(hall, "Олена")
        with pytest.raises(TooManyRequests):
            await enter(hall, "Олена")
        await enter(hall, "Петро")
        hall.registry.leave(first)
        hall.registry.leave(first)
        for _ in range(3):  # what was refused takes no place
            with pytest.raises(NotFound):
                await hall.registry.join(Outgoing(), actor("Олена"), DocumentId("f" * 32), address=None)
        await enter(hall, "Олена")
        with pytest.raises(TooManyRequests):
            await enter(hall, "Олена")


async def test_draining_sends_everyone_away_and_waits_for_the_disk() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        await wire.sign_in(DOCUMENT, "Олена")
        await wire.message_for(DOCUMENT)
        wire.say(DOCUMENT, edit("Олена", "останнє слово "))
        await turns(lambda: wire.untaken == 0)
        async with asyncio.TaskGroup() as tasks:
            draining = tasks.create_task(hall.registry.drain())
            await turns(lambda: hall.registry.draining)
            with pytest.raises(Unavailable):
                await enter(hall, "Петро")
            async with Wire(hall.app) as late:
                with pytest.raises(Closed, match="1013"):
                    await late.frame()
            while not draining.done():
                hall.time.advance(0.5)
                await asyncio.sleep(0)
        with pytest.raises(Closed, match="1012 restart"):
            await wire.until_closed()
        assert len(await hall.journal.read_after(DOCUMENT, Seq(1))) == 1


async def test_draining_ends_although_the_disk_does_not_answer() -> None:
    async with open_hall() as hall:
        seat, _ = await enter(hall, "Олена")
        hall.journal.failing = True
        seat.home.room.receive(seat.connection, edit("Олена", "не на диску "))
        began = hall.time.seconds
        async with asyncio.TaskGroup() as tasks:
            draining = tasks.create_task(hall.registry.drain())
            while not draining.done():
                hall.time.advance(0.05)
                await asyncio.sleep(0)
        assert hall.time.seconds - began > 9
        assert not seat.home.room.is_saved


async def test_an_ended_session_leaves_within_a_sweep() -> None:
    async with open_hall() as hall:
        _, olena = await enter(hall, "Олена")
        petro_seat, petro = await enter(hall, "Петро")
        hall.people.ended.add("Олена")
        await hall.pass_time(1)
        assert [seat.connection.closed for seat in (petro_seat,)] == [False]
        assert len(olena.frames) == len(petro.frames) + 2  # PermissionDenied and Close


async def test_an_open_tab_keeps_no_session_alive() -> None:
    async with open_hall() as hall:
        seat, _ = await enter(hall, "Олена")
        show(seat, 1, place=5)
        for clock in range(2, 20):  # y-protocols: the same state again each 15 s, with a new clock
            show(seat, clock, place=5)
            await hall.pass_time(15)
        assert hall.people.touched == []


@pytest.mark.parametrize("deed", ["typed", "moved the cursor"])
async def test_who_does_something_keeps_their_session_alive_and_nobody_elses(deed: str) -> None:
    async with open_hall() as hall:
        seat, _ = await enter(hall, "Олена")
        await enter(hall, "Петро")
        show(seat, 1, place=5)
        if deed == "typed":
            seat.home.room.receive(seat.connection, edit("Олена", "Ще слово "))
        else:
            show(seat, 2, place=6)
        await hall.pass_time(60)
        assert hall.people.touched == [{"Олена"}]
        await hall.pass_time(60)
        assert hall.people.touched == [{"Олена"}]


async def test_a_document_is_the_same_after_its_room_was_closed() -> None:
    async with open_hall(room_idle_seconds=60) as hall:
        seat, _ = await enter(hall, "Олена")
        seat.home.room.receive(seat.connection, edit("Олена", "Єдине "))
        await turns(lambda: seat.home.room.seq == 2)
        state = seat.home.room.state()
        hall.registry.leave(seat)
        await hall.pass_time(60)
        assert hall.registry.open_documents == []
        again, _ = await enter(hall, "Олена")
        assert again.home is not seat.home
        assert again.home.room.state() == state


async def test_P7_a_clock_that_is_set_back_keeps_no_room_from_reading_what_another_node_stored() -> None:
    async with open_hall() as hall:
        seat, _ = await enter(hall, "Олена")
        before = seat.home.room.seq
        entry = Entry(edit("Петро", "з іншого вузла ").update, UserId("Петро"))
        await hall.journal.append([Append(DOCUMENT, seat.home.room.fence, (entry,))])
        await hall.pass_time(-3600)
        await turns(lambda: seat.home.room.seq == before + 1)
