"""What no client of ours sends over HTTP: refused with a sentence, and it costs its own session only (P8)."""

import pytest

from tests.rooms.desks import ADDRESS, HttpDesk, SocketDesk, app_of, listed, stored_text
from tests.rooms.hall import open_hall
from tests.rooms.world import START


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("?n=1", b"", 400, "bad-request"),
        ("?n=1", b"\xff" * 40, 400, "bad-request"),
        ("?n=1", listed(b"\x00") + b"\x01\x05", 400, "bad-request"),
        ("?n=1", listed() + listed() + b"\x00", 400, "bad-request"),
        ("?n=1", listed() + b"\xff\xff\xff\x7f", 400, "bad-request"),
        ("", listed() + listed(), 400, "bad-request"),
        ("?n=-1", listed() + listed(), 400, "bad-request"),
        ("?n=" + "9" * 40, listed() + listed(), 400, "bad-request"),
        ("?n=1", bytes(1000 + 64 * 1024 + 1), 413, "too-large"),
        ("/poll?wait=soon", listed(), 400, "bad-request"),
        ("/poll?wait=1", b"\x01\x04abc", 400, "bad-request"),
        ("/poll?wait=1", b"\xff\xff\x03", 400, "bad-request"),
    ],
)
async def test_P8_a_body_that_is_none_is_refused_with_a_sentence_and_begins_nothing(path: str, body: bytes, status: int, code: str) -> None:
    async with open_hall(max_frame_bytes=1000) as hall, HttpDesk(app_of(hall), name="Олена") as olena:
        answer = await olena.post(f"/sync/http/{olena.session}{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
        assert hall.registry.socket_count == 0


@pytest.mark.parametrize(
    ("frame", "status", "close_code"),
    [(b"\x04abcd", 400, 4400), (b"\x00\x00\x01\x00", 400, 4400), (bytes(1001), 413, 4413), (b"\xff" * 11, 400, 4400)],
)
async def test_S26_a_frame_that_is_none_ends_its_own_session_only(frame: bytes, status: int, close_code: int) -> None:
    async with open_hall(max_frame_bytes=1000) as hall:
        app = app_of(hall)
        async with HttpDesk(app, name="Олена") as olena, HttpDesk(app, name="Петро") as petro:
            await petro.enter()
            answer = await olena.post(olena.upload_path(1), listed() + listed(frame))
            assert (answer.status_code, answer.json()["close_code"]) == (status, close_code)
            olena.number = 1
            await petro.types("Далі. ")
            assert await stored_text(hall) == "Далі. " + START


@pytest.mark.parametrize("held", [b"\x01", b"\xff" * 9, b"\x05\x01\x01", b""])
async def test_P8_a_standpoint_that_is_none_ends_its_own_session_and_never_the_room(held: bytes) -> None:
    async with open_hall() as hall:
        app = app_of(hall)
        async with HttpDesk(app, name="Олена") as olena, SocketDesk(app, "Петро") as petro:
            await olena.enter()
            await petro.enter()
            encoder = bytearray(b"\x01")
            for part in (ADDRESS.encode(), olena.greeting(), held, b""):
                encoder += bytes([len(part)]) + part if len(part) < 128 else bytes([0x80 | len(part) & 0x7F, len(part) >> 7]) + part
            answer = await olena.post(f"/sync/http/{olena.session}/poll?wait=0&anew=1", bytes(encoder))
            assert (answer.status_code, answer.json()["close_code"]) == (400, 4400)
            olena.number = 0
            await petro.types("Живе. ")
            await petro.settle()
            assert hall.registry.counters.failed_rooms == 0
            assert await stored_text(hall) == "Живе. " + START


async def test_S20_one_person_opens_only_so_many_sessions() -> None:
    async with open_hall(max_connections_per_user=3) as hall:
        app = app_of(hall)
        desks = [HttpDesk(app, name="Олена") for _ in range(4)]
        answers = [(await desk.upload()).status_code for desk in desks]
        assert answers == [200, 200, 200, 429]
        for desk in desks[:3]:
            await desk.__aexit__(None, None, None)
        assert (await desks[3].upload()).status_code == 200
        await desks[3].__aexit__(None, None, None)
        assert hall.registry.socket_count == 0
