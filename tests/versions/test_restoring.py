"""Restoring a revision is a forward edit that everyone in the room sees (rules V30-V36)."""

import asyncio

import pytest
from sqlalchemy import update

from server.access.actor import Actor
from server.crdt.messages import Update
from server.db.tables import documents
from server.ids import ActId, BodyCode, DocumentId, UserId
from server.rooms.inside import InsideWriter
from server.versions.restoring import back_to
from tests.site import Site
from tests.suggestions.cast import Cast
from tests.versions.writing import text_of, write, write_as


async def test_V34_the_text_reads_as_the_revision_and_nothing_of_the_history_is_gone(cast: Cast, site: Site) -> None:
    await write_as(cast, "drafter", "Ґрунтовно 📜 ")
    first = await cast.post("lead", "/revisions", {})
    await write_as(cast, "second", "Потім ")
    then = await cast.get("lead", "/text")
    async with cast.desk("reader") as watching:
        told = await cast.post("drafter", "/revisions/1/restore", {})
        assert told == {"number": 1, "parts": [{"part": "", "document": cast.act, "changed": True}]}
        await watching.until(lambda message: isinstance(message, Update))
        assert str(text_of(watching.doc, 0)).startswith("Ґрунтовно 📜")
    now = await cast.get("lead", "/text")
    assert now["hash"] == first["content_hash"]
    assert now["seq"] == then["seq"] + 1
    assert [unit["bid"] for unit in now["units"]] == [unit["bid"] for unit in then["units"]]
    assert (await cast.get("lead", f"/history/at?seq={then['seq']}"))["units"] == then["units"]
    history = (await cast.get("lead", "/history"))["items"]
    assert (history[0]["kind"], history[0]["user"]) == ("session", cast["drafter"].id)
    assert ("point", "restore") in {(one["kind"], one["reason"]) for one in history}


async def test_V34_restoring_what_reads_so_already_changes_nothing(cast: Cast) -> None:
    await cast.post("lead", "/revisions", {})
    before = await cast.get("lead", "/text")
    told = await cast.post("drafter", "/revisions/1/restore", {})
    assert [part["changed"] for part in told["parts"]] == [False]
    assert (await cast.get("lead", "/text"))["seq"] == before["seq"]


async def test_V35_all_parts_of_the_revision_are_restored(cast: Cast) -> None:
    await cast.post("lead", "/documents", {"part": "note"})
    made = await cast.post("lead", "/revisions", {})
    await write_as(cast, "drafter", "Потім ")
    told = await cast.post("lead", "/revisions/1/restore", {})
    assert [(part["part"], part["changed"]) for part in told["parts"]] == [("", True), ("note", False)]
    again = await cast.post("lead", "/revisions", {})
    assert [part["content_hash"] for part in again["parts"]] == [part["content_hash"] for part in made["parts"]]


async def test_V32_what_somebody_types_while_it_is_restored_is_kept(cast: Cast, site: Site) -> None:
    act, loop = ActId(cast.act), asyncio.get_running_loop()
    drafter = Actor(UserId(cast["drafter"].id), "Олена", BodyCode("mvs"))
    async with cast.desk("drafter") as desk, cast.desk("second") as other:
        await write(desk, "Перше ")
        await cast.post("lead", "/revisions", {})
        await write(desk, "Зайве ")
        await other.everything_heard()
        tree = (await site.parts.versions.read(act, 1)).frozen().tree

        def make(state: bytes) -> bytes:
            asyncio.run_coroutine_threadsafe(write(other, "Збережене ", unit=1), loop).result(30)
            return back_to(state, tree)

        assert await InsideWriter(site.parts.registry).edit(drafter, DocumentId(act), make)
    units = [unit["text"] for unit in (await cast.get("lead", "/text"))["units"]]
    assert "Зайве" not in units[0]
    assert units[1].startswith("Збережене")


@pytest.mark.parametrize("who", ["reviewer", "signatory", "reader"])
async def test_V36_only_who_edits_restores(cast: Cast, who: str) -> None:
    await cast.post("lead", "/revisions", {})
    assert (await cast.refused(who, "/revisions/1/restore", {}))[0] == 403
    assert (await cast.refused("outsider", "/revisions/1/restore", {}))[0] == 404
    assert (await cast.refused("lead", "/revisions/9/restore", {}))[0] == 404


async def test_I8_V36_a_sealed_act_is_not_restored(cast: Cast, site: Site) -> None:
    await cast.post("lead", "/revisions", {})
    await write_as(cast, "drafter", "Потім ")
    before = await cast.get("lead", "/text")
    await site.parts.database.write(lambda connection: connection.execute(update(documents).values(sealed=True)))
    answer = await cast.call("drafter", "POST", "/revisions/1/restore", {})
    assert answer.status_code == 403
    assert "опечатано" in answer.json()["detail"]
    assert await cast.get("lead", "/text") == before
