"""The seal: nothing changes after it, on any path, a comma included (I8). Rules S1 to S4 of docs/spec/approval.md."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from server.crdt.messages import Update
from server.errors import Conflict
from server.ids import ActId, DocumentId, UserId
from server.journal.journal import Append, Entry, FenceMoved
from tests.approval.cast import Cast, edit, gather, text_of
from tests.services import Postgres
from tests.site import open_site
from tests.suggestions.cast import Desk


async def adopted(cast: Cast) -> Any:
    """A revision that the Cabinet has adopted, by the shortest way."""
    await cast.add_note()
    revision = await cast.freeze()
    await cast.post("lead", "/steps", {"verb": "declare_emergency", "reason": "Загроза життю"})
    for verb in ("submit", "adopt"):
        await cast.post("lead", "/steps", {"verb": verb})
    return revision


def named(revision: Any) -> dict[str, Any]:
    return {"revision": revision["number"], "revision_hash": revision["hash"]}


async def seqs(cast: Cast) -> list[int]:
    return [one["last_seq"] for one in (await cast.get("lead", ""))["documents"]]


async def test_S1_the_seal_wants_exactly_the_signed_text_and_those_who_may(cast: Cast) -> None:
    early = await cast.freeze()
    assert await cast.refused("lead", "/seal", named(early)) == (409, "not-now")
    revision = await adopted(cast)
    for who, status in (("drafter", 403), ("minfin", 403), ("outsider", 404)):
        assert (await cast.refused(who, "/seal", named(revision)))[0] == status
    assert await cast.refused("lead", "/seal", {"revision": revision["number"], "revision_hash": "0" * 64}) == (409, "revision-moved")
    await cast.write(",")
    answer = await cast.call("lead", "POST", "/seal", named(revision))
    assert (answer.status_code, answer.json()["rule"], answer.json()["parts"]) == (409, "same_text", [""])
    await cast.write("", delete=1)
    sealed = await cast.post("secretariat", "/seal", named(revision))
    assert (sealed["revision"], sealed["revision_hash"]) == (revision["number"], revision["hash"])
    seen = await cast.approval()
    assert (seen["state"], seen["sealed"]) == ("signed", True)
    assert (await cast.post("secretariat", "/steps", {"verb": "publish"}))["state"] == "published"


async def test_I8_after_the_seal_no_operation_is_accepted_a_comma_included(cast: Cast) -> None:
    revision = await adopted(cast)
    record = {
        "id": "a" * 32, "document": cast.act, "kind": "text", "version": 0,
        "change": {"bid": "u1", "text": [1, 4], "anchor": None, "delete": [[1, 5, 2]], "quote": "Пр", "before": "", "after": "о",
                   "at": 0, "insert": [{"t": "на", "m": {}}]},
    }  # fmt: skip
    await cast.post("drafter", "/suggestions", record)
    async with cast.desk("drafter") as open_, cast.desk("drafter", "note") as note:
        await cast.post("lead", "/seal", named(revision))
        before, content = await seqs(cast), await cast.text()
        for desk in (open_, note):
            desk.say(Update(edit(desk, ",")))
            assert not await desk.saved()
        assert await seqs(cast) == before
    async with cast.desk("drafter") as desk:
        desk.say(Update(edit(desk, ",")))
        assert not await desk.saved()
    refusals = [
        ("drafter", "POST", f"/suggestions/{record['id']}/accept", {"version": 1}),
        ("drafter", "POST", "/suggestions", {**record, "id": "b" * 32}),
        ("lead", "PATCH", "", {"title": "Інша назва"}),
        ("lead", "POST", "/documents", {"part": "table"}),
        ("lead", "POST", "/revisions", {}),
        ("lead", "POST", f"/revisions/{revision['number']}/restore", {}),
        ("lead", "POST", "/rounds", {**named(revision), "requests": [{"body": "minfin"}]}),
        ("lead", "POST", "/seal", named(revision)),
        ("lead", "PUT", "/revisions/1/visas", {"people": [cast["jurist"].id]}),
        ("lead", "POST", "/steps", {"verb": "withdraw", "reason": "ні"}),
    ]
    for who, method, path, body in refusals:
        answer = await cast.call(who, method, path, body)
        assert answer.status_code in {403, 409}, (path, answer.text)
        assert "опечатано" in answer.json()["detail"], path
    assert await seqs(cast) == before
    assert await cast.text() == content


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Cast]:
    """The cast on either database."""
    server: Postgres | None = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    async with open_site(tmp_path, database_url=server.new_database() if server else "") as site:
        yield await gather(site)


async def test_S3_neither_the_journal_nor_the_database_lifts_a_seal(either: Cast) -> None:
    cast = either
    revision = await adopted(cast)
    await cast.post("lead", "/seal", named(revision))
    journal, document = cast.site.parts.journal, DocumentId(cast.act)
    head = await journal.read_head(document)
    share = Append(document, head.fence, (Entry(b"\x00\x00", UserId(cast["drafter"].id)),))
    assert isinstance((await journal.append([share]))[0], FenceMoved)
    with pytest.raises(DBAPIError, match="sealed text never changes"):
        await journal.move_fence(document, sealed=False)
    with pytest.raises(Conflict):
        await journal.create(ActId(cast.act), DocumentId(f"{cast.act}.table"), 1)
    for change in (
        f"UPDATE documents SET last_seq = last_seq + 1 WHERE document = '{document}'",
        f"UPDATE documents SET epoch = 'ffffffffffffffff' WHERE document = '{document}'",
        "DELETE FROM act_seals",
        "UPDATE act_seals SET revision = 0",
    ):
        with pytest.raises(DBAPIError, match="never change"):
            await cast.site.parts.database.write(partial(run, change))
    assert (await journal.read_head(document)).last_seq == head.last_seq


async def test_S4_the_seal_holds_against_people_who_are_typing(cast: Cast) -> None:
    revision = await adopted(cast)
    warm, sealed = asyncio.Event(), asyncio.Event()
    async with cast.desk("lead") as restless, cast.desk("drafter") as first, cast.desk("drafter") as second:
        tasks = [asyncio.ensure_future(keep_typing(desk, warm, sealed)) for desk in (first, second)]
        restless.say(Update(edit(restless, ",")))
        assert await restless.saved()
        assert await cast.refused("lead", "/seal", named(revision)) == (409, "not-now")
        restless.say(Update(edit(restless, "", delete=1)))
        assert await restless.saved()
        await warm.wait()
        await cast.post("lead", "/seal", named(revision))
        at_seal, content = await seqs(cast), await cast.text()
        sealed.set()
        await asyncio.gather(*tasks)
        for _ in range(5):
            restless.say(Update(edit(restless, ",")))
            assert not await restless.saved()
    assert await seqs(cast) == at_seal
    assert at_seal[0] > 20
    assert await cast.text() == content
    units = (await cast.get("lead", f"/revisions/{revision['number']}"))["units"]
    assert [unit["text"] for unit in content] == [unit["text"] for unit in units]


async def keep_typing(desk: Desk, warm: asyncio.Event, sealed: asyncio.Event) -> None:
    """A letter typed and taken back in one update, again and again, and some more once the act is sealed."""
    left, saved = 5, 0
    while left:
        left -= sealed.is_set()

        def change(doc: Any) -> None:
            words = text_of(doc)
            words.insert(0, "ї")
            del words[0:2]

        desk.say(Update(desk.edit(change)))
        saved += await desk.saved()
        if saved == 20:
            warm.set()


def run(statement: str, connection: Connection) -> None:
    connection.execute(text(statement))
