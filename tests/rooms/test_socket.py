"""The WebSocket endpoint: who may open it, what bounds it, and with which code it ends. Rules: docs/spec/sync.md."""

import asyncio
import json

import pytest

from server.access.roles import Scope
from server.crdt import hocuspocus, ywebsocket
from server.crdt.messages import (
    Authenticated,
    Awareness,
    PermissionDenied,
    Ping,
    QueryAwareness,
    Stateless,
    SyncStep1,
    SyncStep2,
    Update,
)
from server.rooms.clients import MAX_DOCUMENTS
from tests.rooms.hall import SCHEMA, Hall, open_hall, turns
from tests.rooms.wire import Closed, Wire
from tests.rooms.world import DOCUMENT

NOTHING_HELD = b"\x00"
QUESTION = ywebsocket.encode(SyncStep1(NOTHING_HELD))


async def epoch_of(hall: Hall) -> str:
    return (await hall.journal.read_head(DOCUMENT)).fence.epoch


def claim(epoch: str, schema: int | None = SCHEMA) -> str:
    return json.dumps({"token": "Олена", "epoch": epoch, "schema": schema}, ensure_ascii=False)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
async def test_S22_a_page_of_somebody_else_opens_no_socket(headers: dict[str, str]) -> None:
    async with open_hall() as hall, Wire(hall.app, headers=headers) as wire:
        with pytest.raises(Closed, match="4403"):
            await wire.frame()
        assert hall.registry.socket_count == 0


async def test_S22_our_own_page_and_a_program_open_one() -> None:
    for headers in ({"origin": "http://localhost:8000"}, {}):
        async with open_hall() as hall, Wire(hall.app, headers=headers) as wire:
            assert await wire.sign_in(DOCUMENT, "Олена") == Authenticated("read-write")


@pytest.mark.parametrize(
    ("epoch", "schema", "reason"),
    [("0" * 16, SCHEMA, "epoch-mismatch"), ("", SCHEMA - 1, "reload-needed"), ("0" * 16, SCHEMA - 1, "epoch-mismatch")],
)
async def test_S23_a_client_of_another_history_or_schema_is_never_asked_for_its_state(epoch: str, schema: int, reason: str) -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        assert await wire.sign_in(DOCUMENT, claim(epoch, schema)) == PermissionDenied(reason)
        wire.say(DOCUMENT, SyncStep1(NOTHING_HELD))
        wire.say(DOCUMENT, Update(b"\x00\x00"))
        assert await wire.sign_in(DOCUMENT, claim(await epoch_of(hall))) == Authenticated("read-write")
        welcome = await wire.message_for(DOCUMENT)
        assert isinstance(welcome, Stateless)
        assert json.loads(welcome.payload)["epoch"] == await epoch_of(hall)


async def test_S23_this_history_and_a_newer_schema_are_welcome_and_so_is_who_says_nothing() -> None:
    async with open_hall() as hall:
        for token in (claim(await epoch_of(hall)), claim("", SCHEMA + 1), claim("", None), "Олена"):
            async with Wire(hall.app) as wire:
                assert await wire.sign_in(DOCUMENT, token) == Authenticated("read-write")


@pytest.mark.parametrize(
    "token", ['{"token": 5}', '{"token": "Олена", "schema": "2"}', '{"token": "Олена", "epoch": 0}', "{", "{" * 60_000]
)
async def test_S23_a_claim_of_another_shape_is_no_claim(token: str) -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        assert await wire.sign_in(DOCUMENT, token) == PermissionDenied("not-signed-in")


async def test_who_may_not_read_hears_that_there_is_nothing_in_both_protocols() -> None:
    async with open_hall() as hall:
        hall.people.scopes["Чужий"] = Scope.NONE
        async with Wire(hall.app) as ours:
            assert await ours.sign_in(DOCUMENT, "Чужий") == PermissionDenied("not-found")
            assert await ours.sign_in("f" * 32, "Олена") == PermissionDenied("not-found")
        async with Wire(hall.app, f"/sync/{DOCUMENT}", token="%D0%A7%D1%83%D0%B6%D0%B8%D0%B9") as stock:
            stock.send(QUESTION)
            assert await stock.message() == PermissionDenied("not-found")
            with pytest.raises(Closed, match="4404"):
                await stock.frame()
        assert hall.registry.open_documents == []


async def test_S19_above_its_rate_a_client_is_read_slower_and_loses_nothing() -> None:
    async with open_hall(max_updates_per_second=10) as hall, Wire(hall.app) as wire:
        await wire.sign_in(DOCUMENT, "Олена")  # counts as 20 of the 100 that may come at once
        for _ in range(200):
            wire.say(DOCUMENT, QueryAwareness())
        await turns(lambda: wire.untaken <= 200 - 80)
        for _ in range(50):
            await asyncio.sleep(0)
        assert 110 < wire.untaken <= 200 - 80
        left = wire.untaken
        hall.time.advance(1)
        await turns(lambda: wire.untaken <= left - 9)
        for _ in range(50):
            await asyncio.sleep(0)
        assert wire.untaken >= left - 11
        for _ in range(30):
            hall.time.advance(1)
            await asyncio.sleep(0)
        await turns(lambda: wire.untaken == 0)
        assert isinstance(await wire.message_for(DOCUMENT), Stateless)
        for _ in range(200):
            assert isinstance(await wire.message_for(DOCUMENT), Awareness)


async def test_P8_a_frame_that_is_too_large_closes_its_own_socket_only() -> None:
    async with open_hall(max_frame_bytes=1000) as hall, Wire(hall.app) as olena, Wire(hall.app) as petro:
        await olena.sign_in(DOCUMENT, "Олена")
        await petro.sign_in(DOCUMENT, "Петро")
        await olena.message_for(DOCUMENT)
        olena.send(bytes(1001))
        with pytest.raises(Closed, match="4413 too-large"):
            await olena.frame()
        await petro.message_for(DOCUMENT)
        petro.say(DOCUMENT, SyncStep1(NOTHING_HELD))
        assert isinstance(await petro.message_for(DOCUMENT), SyncStep2)


@pytest.mark.parametrize("frame", [b"\x20", b"\x00", b"\xff" * 11, b"\x04abcd"])
async def test_S26_a_frame_that_is_none_closes_with_4400(frame: bytes) -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        wire.send(frame)
        with pytest.raises(Closed, match="4400"):
            await wire.frame()


async def test_S20_before_signing_in_frames_are_answered_once_and_count() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        for count in range(MAX_DOCUMENTS):
            for _ in range(3):
                wire.say(f"{count:032x}", SyncStep1(NOTHING_HELD))
        for count in range(MAX_DOCUMENTS):
            assert await wire.message_for(f"{count:032x}") == PermissionDenied("not-signed-in")
        wire.say("e" * 32, SyncStep1(NOTHING_HELD))
        with pytest.raises(Closed, match="4529"):
            await wire.frame()


async def test_P8_while_a_client_signs_in_nothing_more_of_it_is_taken() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        hall.people.open.clear()
        wire.say(DOCUMENT, SyncStep1(NOTHING_HELD))
        assert await wire.message_for(DOCUMENT) == PermissionDenied("not-signed-in")
        signing_in = Wire(hall.app, f"/sync/{DOCUMENT}", token="Ganna")
        async with signing_in:
            for _ in range(50):
                signing_in.send(QUESTION)
            await turns(lambda: signing_in.untaken == 49)
            for _ in range(100):
                await asyncio.sleep(0)
            assert signing_in.untaken == 49
            hall.people.open.set()
            assert isinstance(await signing_in.message(), SyncStep2)


async def test_S20_who_says_nothing_for_15_seconds_is_closed() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        await turns(lambda: hall.registry.socket_count == 1)
        await hall.pass_time(14)
        await hall.pass_time(6)
        with pytest.raises(Closed, match="4401"):
            await wire.frame()


async def test_S18_a_silent_socket_gets_a_frame_that_says_nothing() -> None:
    async with open_hall() as hall, Wire(hall.app) as ours, Wire(hall.app, f"/sync/{DOCUMENT}", token="Ganna") as stock:
        await ours.sign_in(DOCUMENT, "Олена")
        await ours.message_for(DOCUMENT)
        stock.send(QUESTION)
        assert isinstance(await stock.message(), SyncStep2)
        assert isinstance(await stock.message(), SyncStep1)
        await hall.pass_time(13)
        assert hocuspocus.decode(await ours.frame()) == ("", Ping())
        assert isinstance(await stock.message(), Awareness)


async def test_S7_a_socket_for_hocuspocus_opens_with_a_ping_and_one_for_stock_clients_does_not() -> None:
    async with open_hall() as hall, Wire(hall.app) as ours, Wire(hall.app, f"/sync/{DOCUMENT}", token="Ganna") as stock:
        await turns(lambda: ours.greeted)
        stock.send(QUESTION)
        assert isinstance(await stock.message(), SyncStep2)
        assert not stock.greeted


async def test_S7_what_leaves_the_queue_before_the_token_is_no_mistake_and_comes_again_with_the_sync() -> None:
    async with open_hall() as hall, Wire(hall.app) as early:
        await turns(lambda: early.greeted)
        early.say(DOCUMENT, Update(b"\x00\x00"))
        assert await early.sign_in(DOCUMENT, "Олена") == Authenticated("read-write")  # and not that it was denied


async def test_S17_a_client_that_takes_nothing_for_a_minute_is_closed_and_was_not_before() -> None:
    async with open_hall() as hall, Wire(hall.app) as wire:
        await wire.sign_in(DOCUMENT, "Олена")
        await wire.message_for(DOCUMENT)
        wire.stop_reading()
        wire.say(DOCUMENT, SyncStep1(NOTHING_HELD))
        await turns(lambda: wire.untaken == 0)
        for _ in range(50):
            await asyncio.sleep(0)
        await hall.pass_time(59)
        await hall.pass_time(5)
        wire.read_on()
        with pytest.raises(Closed, match="1013"):
            await wire.until_closed()
