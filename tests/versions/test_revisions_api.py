"""Revisions through the HTTP API (rules V of docs/spec/versions.md)."""

import asyncio

import pytest
from sqlalchemy import Connection, insert, select

from server.db.tables import instance
from server.errors import Conflict
from server.formats import canonical
from server.ids import ActId
from server.versions.chain import revision_hash
from server.versions.model import Revision
from tests.site import Site
from tests.suggestions.cast import Cast
from tests.versions.writing import write, write_as


async def test_V4_freezing_takes_the_saved_text_and_chains_it(cast: Cast) -> None:
    await write_as(cast, "drafter", "ґанок 📜 ")
    text = await cast.get("lead", "/text")
    first = await cast.post("lead", "/revisions", {"note": " перша подача ", "expected_hash": text["hash"]})
    assert (first["number"], first["note"], first["content_hash"]) == (1, "перша подача", text["hash"])
    assert first["created_by"] == cast["lead"].id
    await write_as(cast, "drafter", "І ще: ")
    second = await cast.post("lead", "/revisions", {})
    assert (second["number"], second["previous_hash"]) == (2, first["hash"])
    assert second["content_hash"] != first["content_hash"]
    assert [one["number"] for one in (await cast.get("reader", "/revisions"))["items"]] == [2, 1]
    old = await cast.get("reader", "/revisions/1")
    assert old["units"] == text["units"]
    assert old["hash"] == first["hash"]


async def test_I1_a_revision_never_changes_and_its_hash_covers_all_parts_and_numbering(cast: Cast, site: Site) -> None:
    await cast.post("lead", "/documents", {"part": "note"})
    made = await cast.post("lead", "/revisions", {})
    assert [part["part"] for part in made["parts"]] == ["", "note"]
    before = await site.parts.versions.read(ActId(cast.act), 1)
    assert revision_hash(before.revision) == made["hash"]
    await write_as(cast, "drafter", "Інший текст ")
    await cast.post("lead", "/revisions", {})
    assert await site.parts.versions.read(ActId(cast.act), 1) == before
    frozen = before.frozen()
    assert canonical.write(frozen) == before.trees[""]
    assert (frozen.scheme_id, frozen.scheme_hash) == (before.revision.scheme_id, before.revision.scheme_hash)
    assert before.frozen("note").tree.blocks
    assert before.lines("note")[0].text == (await cast.get("lead", "/revisions/1?part=note"))["units"][0]["text"]


async def test_V5_a_text_that_moved_is_not_frozen(cast: Cast) -> None:
    read = (await cast.get("lead", "/text"))["hash"]
    await write_as(cast, "drafter", "кома,")
    answer = await cast.call("lead", "POST", "/revisions", {"expected_hash": read})
    assert (answer.status_code, answer.json()["code"]) == (409, "text-moved")
    assert "Текст змінився" in answer.json()["detail"]
    assert (await cast.get("lead", "/revisions"))["items"] == []


async def test_V3_ten_at_once_make_a_chain_without_forks(cast: Cast) -> None:
    answers = await asyncio.gather(*(cast.call("lead", "POST", "/revisions", {}) for _ in range(10)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    found = (await cast.get("lead", "/revisions"))["items"][::-1]
    assert [one["number"] for one in found] == list(range(1, len(found) + 1))
    assert [one["previous_hash"] for one in found[1:]] == [one["hash"] for one in found[:-1]]


@pytest.mark.parametrize("who", ["drafter", "second", "reviewer", "signatory", "reader"])
async def test_I4_only_the_lead_freezes(cast: Cast, who: str) -> None:
    assert await cast.refused(who, "/revisions", {}) == (403, "forbidden")


async def test_I12_an_outsider_learns_nothing_of_revisions(cast: Cast) -> None:
    await cast.post("lead", "/revisions", {})
    for path in ("/revisions", "/revisions/1", "/revisions/1/export?format=md"):
        assert await cast.refused("outsider", path, None, "GET") == (404, "not-found")


@pytest.mark.parametrize("number", ["7", "x", "-1", "²", "99999999999999999999"])
async def test_V6_a_number_that_is_none_is_not_found(cast: Cast, number: str) -> None:
    assert await cast.refused("lead", f"/revisions/{number}", None, "GET") == (404, "not-found")


@pytest.mark.parametrize("body", [{"note": "ґ" * 2001}, {"note": 7}, {"expected_hash": "коротко"}, {"reason": "невідоме поле"}])
async def test_V6_what_cannot_be_accepted_is_said_and_nothing_is_frozen(cast: Cast, body: dict[str, object]) -> None:
    assert (await cast.refused("lead", "/revisions", body))[0] == 422
    assert (await cast.get("lead", "/revisions"))["items"] == []


async def test_V7_what_hangs_on_a_revision_is_written_with_it_or_neither_is(cast: Cast, site: Site) -> None:
    def note_down(connection: Connection, revision: Revision) -> None:
        connection.execute(insert(instance).values(key=f"seen {revision.number}", value=revision.hash))
        if revision.number == 2:
            raise Conflict

    site.parts.versions.on_frozen.append(note_down)
    made = await cast.post("lead", "/revisions", {})
    assert await cast.refused("lead", "/revisions", {}) == (409, "conflict")
    kept = await site.parts.database.read(
        lambda connection: dict(connection.execute(select(instance.c.key, instance.c.value).where(instance.c.key.like("seen%"))).all())
    )
    assert kept == {"seen 1": made["hash"]}
    assert [one["number"] for one in (await cast.get("lead", "/revisions"))["items"]] == [1]


async def test_V8_everyone_in_the_room_hears_of_a_new_revision(cast: Cast) -> None:
    async with cast.desk("reader") as desk:
        made = await cast.post("lead", "/revisions", {})
        assert await desk.told_of("revision") == {"type": "revision", "number": 1, "hash": made["hash"]}


async def test_V9_a_revision_is_exported_as_it_was(cast: Cast) -> None:
    async with cast.desk("drafter") as desk:
        await write(desk, "Стара назва ")
        await cast.post("lead", "/revisions", {})
        await write(desk, "Новіша ")
    answer = await cast.call("reader", "GET", "/revisions/1/export?format=txt")
    assert answer.status_code == 200
    assert "Стара назва" in answer.text
    assert "Новіша" not in answer.text
    assert (await cast.refused("lead", "/revisions/1/export?format=exe", None, "GET"))[0] == 415
