"""The HTTP transport: what may be done over it is what may be done over a WebSocket, by any process. Rules: docs/spec/sync.md."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.access.change import AccessChange
from server.access.roles import Scope
from server.crdt import hocuspocus
from server.crdt.awareness import AwarenessEntry
from server.crdt.awareness import encode as encode_presence
from server.crdt.messages import Awareness, SyncStatus, SyncStep1, Update
from server.ids import ClientId, UserId
from tests.rooms.desks import ADDRESS, Desk, HttpDesk, SocketDesk, app_of, frames_in, listed, records, stored_text
from tests.rooms.hall import Hall, open_hall, turns, wait_until
from tests.rooms.world import DOCUMENT, START
from tests.site import open_site

TRANSPORTS = ["websocket", "http", "http over two processes"]


@asynccontextmanager
async def seat(hall: Hall, transport: str, name: str) -> AsyncIterator[Desk]:
    """A person over one of the transports, not yet signed in."""
    apps = [app_of(hall), app_of(hall)]
    match transport:
        case "websocket":
            async with SocketDesk(apps[0], name) as desk:
                yield desk
        case "http":
            async with HttpDesk(apps[0], name=name) as desk:
                yield desk
        case _:
            async with HttpDesk(*apps, name=name) as desk:
                yield desk


# -- permissions: one table for both transports ------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS[:2])
@pytest.mark.parametrize(
    ("scope", "expected", "is_stored"),
    [
        (Scope.WRITE, ["read-write", "saved"], True),
        (Scope.SUGGEST, ["readonly", "refused", "rejected G1"], False),
        (Scope.READ, ["readonly", "refused", "rejected G1"], False),
        (Scope.NONE, ["denied not-found"], False),
    ],
)
async def test_S27_what_a_person_may_do_is_the_same_over_both_transports(
    transport: str, scope: Scope, expected: list[str], is_stored: bool
) -> None:
    async with open_hall() as hall:
        hall.people.scopes["Олена"] = scope
        async with seat(hall, transport, "Олена") as olena:
            await olena.enter()
            if scope is Scope.NONE:
                await olena.say(Update(b"\x00\x00"))
            else:
                await olena.types("Ґанок 🏡. ")
            await olena.settle()
            assert sorted(olena.verdicts()) == sorted(expected)
        assert (await stored_text(hall) == "Ґанок 🏡. " + START) is is_stored


@pytest.mark.parametrize("transport", TRANSPORTS[:2])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Scope.WRITE, Scope.READ, ["readonly", "may read", "refused", "rejected G1"]),
        (Scope.WRITE, Scope.SUGGEST, ["readonly", "may suggest", "refused", "rejected G1"]),
        (Scope.READ, Scope.WRITE, ["read-write", "may write", "saved"]),
        (Scope.WRITE, Scope.NONE, ["denied not-found"]),
    ],
)
async def test_S25_rights_that_change_while_the_text_is_open_hold_at_once_over_both_transports(
    transport: str, before: Scope, after: Scope, expected: list[str]
) -> None:
    async with open_hall() as hall:
        hall.people.scopes["Олена"] = before
        async with seat(hall, transport, "Олена") as olena:
            await olena.enter()
            olena.heard.clear()
            hall.people.scopes["Олена"] = after
            hall.registry.access_changed(AccessChange(user=UserId("Олена")))
            await olena.settle()
            await olena.types("Слово. ")
            await olena.settle()
            assert sorted(set(olena.verdicts())) == sorted(expected)
        assert (await stored_text(hall) == START) is (after is not Scope.WRITE)


@pytest.mark.parametrize("transport", TRANSPORTS[:2])
async def test_D14_a_session_that_ends_takes_the_document_with_it_within_a_second(transport: str) -> None:
    async with open_hall() as hall, seat(hall, transport, "Олена") as olena:
        await olena.enter()
        hall.people.ended.add("Олена")
        await hall.pass_time(1)
        await olena.settle()
        assert set(olena.verdicts()) - {"read-write"} == {"denied not-signed-in"}


async def test_S22_without_a_session_a_request_opens_nothing(tmp_path: Path) -> None:
    async with open_site(tmp_path, demo=True) as site:
        client = await site.client()
        answer = await client.post(f"/sync/http/{secrets.token_hex(16)}?n=1", content=listed() + listed())
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
        await site.add_person("o@example.org")
        browser = await site.browser("o@example.org")
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"x-zlahoda-csrf": ""}):
            bare = {name: value for name, value in browser.headers.items() if name != "x-zlahoda-csrf"}
            sent = {**bare, **{name: value for name, value in headers.items() if value}}
            refused = await site.client(headers=sent)
            refused.cookies = browser.cookies
            answer = await refused.post(f"/sync/http/{secrets.token_hex(16)}?n=1", content=listed() + listed())
            assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
        answer = await browser.post(f"/sync/http/{secrets.token_hex(16)}?n=1", content=listed() + listed())
        assert answer.status_code == 200
        assert site.parts.registry.socket_count == 1


async def test_S28_a_session_is_nobody_elses() -> None:
    async with open_hall() as hall:
        app = app_of(hall)
        async with HttpDesk(app, name="Олена") as olena, HttpDesk(app, name="Зловмисник") as thief, HttpDesk(app, name="Петро") as petro:
            await olena.enter()
            await petro.enter()
            await petro.types("Таємне. ")
            thief.session = olena.session
            assert frames_in((await thief.poll()).content) == [b"\x09"]
            await olena.settle()
            assert olena.text == "Таємне. " + START


# -- once, in order, by any process ------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_S29_two_people_on_different_transports_read_one_text(transport: str) -> None:
    async with open_hall() as hall, seat(hall, transport, "Олена") as olena, seat(hall, "websocket", "Петро") as petro:
        await olena.enter()
        await petro.enter()
        for number in range(5):
            await olena.types(f"Олена {number} 😀. ")
            await petro.types(f"Петро {number} \u200fשלום\u200f. ")
        await olena.settle()
        await petro.settle()
        assert olena.text == petro.text == await stored_text(hall)
        assert all(f"{name} {number} " in olena.text for name in ("Олена", "Петро") for number in range(5))
        assert olena.all(SyncStatus) == [SyncStatus(True)] * 5


@pytest.mark.parametrize("processes", [1, 2])
async def test_S29_an_upload_sent_again_is_applied_once_and_answered_again(processes: int) -> None:
    async with open_hall() as hall, HttpDesk(*[app_of(hall) for _ in range(processes)], name="Олена") as olena:
        await olena.enter()
        before = len(await records(hall))
        edit = Update(olena.write("Раз. "))
        first = await olena.upload(edit)
        again = await olena.upload(edit, number=olena.number)
        saved = hocuspocus.encode(ADDRESS, SyncStatus(True))
        assert [frames_in(answer.content).count(saved) for answer in (first, again)] == [1, 1]
        assert len(await records(hall)) == before + processes  # another process stores the same bytes again: no word comes twice
        assert await stored_text(hall) == "Раз. " + START


async def test_S29_an_upload_that_comes_after_a_later_one_is_refused() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena:
        await olena.enter()
        late = Update(olena.write("Пізно. "))
        await olena.upload()
        answer = await olena.upload(late, number=olena.number - 1)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert await stored_text(hall) == START


async def test_P1_nothing_is_acknowledged_before_it_is_on_disk_and_a_retry_waits_with_it() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena:
        await olena.enter()
        hall.journal.failing = True
        edit = Update(olena.write("Ще ні. "))
        async with asyncio.TaskGroup() as tasks:
            first = tasks.create_task(olena.upload(edit))
            await wait_until(lambda: hall.registry.counters.save_failures > 0)
            second = tasks.create_task(olena.upload(edit, number=olena.number))
            told = await olena.poll()
            assert b'"saving","state":"stopped"' in told.content
            assert not first.done()
            assert not second.done()
            hall.time.advance(21)
        for answer in (first.result(), second.result()):
            assert (answer.status_code, answer.json()["code"], answer.json()["again"]) == (503, "unavailable", True)
        hall.journal.failing = False
        await wait_until(lambda: hall.registry.counters.updates > 0)
        third = await olena.upload(edit, number=olena.number)
        assert frames_in(third.content).count(hocuspocus.encode(ADDRESS, SyncStatus(True))) == 1
        assert await stored_text(hall) == "Ще ні. " + START


async def test_S30_a_poll_whose_answer_was_lost_is_made_good_by_a_difference() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena, SocketDesk(app_of(hall), "Петро") as petro:
        await olena.enter()
        await petro.enter()
        await petro.types("Загублене. ")
        await petro.settle()
        assert b"\xd0\x97" in (await olena.poll()).content  # drained, and lost on its way
        assert (await olena.poll()).status_code == 204
        await olena.take_all(await olena.poll(anew=True))
        assert olena.text == "Загублене. " + START
        assert any(getattr(message, "payload", "") == '{"type":"records","state":"missed"}' for message in olena.heard)


async def test_S30_a_poll_that_overtakes_the_first_question_disturbs_nothing() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena:
        await olena.upload(olena.token())
        olena.epoch = (await hall.journal.read_head(DOCUMENT)).fence.epoch
        assert (await olena.poll()).status_code == 204
        await olena.say(SyncStep1(olena.doc.get_state()))
        assert olena.text == START
        await olena.types("Далі. ")
        assert await stored_text(hall) == "Далі. " + START


async def test_S30_a_held_poll_is_answered_as_soon_as_somebody_types() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena, SocketDesk(app_of(hall), "Петро") as petro:
        await olena.enter()
        await petro.enter()
        await olena.settle()
        async with asyncio.TaskGroup() as tasks:
            held = tasks.create_task(olena.poll(wait=20))
            await turns(lambda: hall.registry.socket_count == 2)
            await petro.types("Негайно. ")
            answer = await held
        await olena.take_all(answer)
        assert olena.text == "Негайно. " + START


async def test_S30_a_later_poll_ends_an_earlier_one() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena:
        await olena.enter()
        await olena.settle()
        async with asyncio.TaskGroup() as tasks:
            held = tasks.create_task(olena.poll(wait=20))
            for _ in range(50):
                await asyncio.sleep(0)
            await olena.poll()
            assert (await held).status_code == 204


async def test_S17_a_client_that_does_not_poll_is_caught_up_by_one_difference() -> None:
    small = open_hall(max_outbox_bytes=2000)
    async with small as hall, HttpDesk(app_of(hall), name="Олена") as olena, SocketDesk(app_of(hall), "Петро") as petro:
        await olena.enter()
        await petro.enter()
        await olena.settle()
        for number in range(40):
            await petro.types(f"Речення {number:02}, досить довге, щоб його було помітно. ")
            await petro.settle()
        waiting = await olena.poll()
        assert len(waiting.content) < 2600
        await olena.take_all(waiting)
        await olena.settle()
        assert olena.text == petro.text


async def test_S28_a_session_without_requests_ends_and_its_person_is_no_longer_shown() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena, SocketDesk(app_of(hall), "Петро") as petro:
        await olena.enter()
        await petro.enter()
        shown = encode_presence([AwarenessEntry(ClientId(4711), 1, {"user": {}})])
        await olena.say(Awareness(shown))
        await petro.settle()
        assert any("Олена".encode() in message.update for message in petro.heard if isinstance(message, Awareness))
        petro.heard.clear()
        await hall.pass_time(25)
        await hall.pass_time(5)
        await petro.settle()
        assert hall.registry.socket_count == 1
        assert any(b"null" in message.update for message in petro.heard if isinstance(message, Awareness))
        await olena.types("Я знову тут. ")
        await petro.settle()
        assert petro.text == "Я знову тут. " + START


async def test_S28_a_server_that_restarts_says_so_to_who_polls() -> None:
    async with open_hall() as hall, HttpDesk(app_of(hall), name="Олена") as olena:
        await olena.enter()
        await olena.settle()
        async with asyncio.TaskGroup() as tasks:
            held = tasks.create_task(olena.poll(wait=20))
            for _ in range(50):
                await asyncio.sleep(0)
            drained = tasks.create_task(hall.registry.drain())
            answer = await held
            assert (answer.status_code, answer.json()["close_code"], answer.json()["reason"]) == (503, 1012, "restart")
            refused = await olena.upload()
            assert (refused.status_code, refused.json()["close_code"]) == (503, 1012)
            while not drained.done():
                hall.time.advance(1)
                await asyncio.sleep(0)
        olena.number = 0
        hall.registry.draining = False
