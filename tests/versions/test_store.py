"""A revision is written once; the database itself keeps it from changing, and its chain from forking (P4, V1-V3)."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError

from server.access.roles import Part
from server.acts.model import Card
from server.acts.store import insert_act
from server.crdt.content import Run
from server.db.engine import Database
from server.db.tables import bodies, users
from server.errors import Conflict, NotFound
from server.ids import ActId, BlockId, BodyCode, DocumentId, Seq, UserId
from server.text.numbering import load_scheme
from server.text.tree import Tree, Unit
from server.versions.freezing import Cause, PartText, freeze_part, next_revision
from server.versions.model import RevisionContent, RevisionKind
from server.versions.store import find_head, insert_revision, list_revisions, read_revision

ACT, USER = ActId("0" * 32), UserId("1" * 32)
LAW = load_scheme("law")


def content(words: str, kind: RevisionKind, previous: RevisionContent | None = None) -> RevisionContent:
    tree = Tree((Unit(BlockId("b1"), "article", (Run(words),), "auto"),))
    parts = [freeze_part(PartText(part, DocumentId(f"{ACT}{part}"), Seq(7), tree), LAW) for part in ("", "explanatory_note")]
    cause = Cause(ACT, kind, "Про ґрунти 📜", "за зауваженнями", USER, 5)
    return next_revision(cause, LAW, parts, previous.revision if previous else None)


BASE = content("ґанок", RevisionKind.BASE)
FIRST = content("ґанок і під’їзд", RevisionKind.REVISION, BASE)


def add_act(connection: Connection) -> None:
    body = {"code": "mvs", "name_uk": "МВС", "name_en": "MIA", "short_uk": "МВС", "short_en": "MIA", "hue": 1}
    connection.execute(insert(bodies).values(**body))
    connection.execute(insert(users).values(id=USER, email="a@mvs", name="Олена", body="mvs", created_at=1))
    parts = {BodyCode("mvs"): Part.LEAD}
    insert_act(connection, Card(ACT, "Про ґрунти", "postanova", "draft", BodyCode("mvs"), parts, "cabinet", "0" * 64, USER, 1, 1))
    insert_revision(connection, BASE)


async def test_V1_a_revision_comes_back_as_it_was_written_with_all_its_parts(database: Database) -> None:
    await database.write(add_act)
    await database.write(lambda connection: insert_revision(connection, FIRST))
    assert await database.read(lambda connection: read_revision(connection, ACT, 0)) == BASE
    assert await database.read(lambda connection: read_revision(connection, ACT, 1)) == FIRST
    assert await database.read(lambda connection: list_revisions(connection, ACT)) == [BASE.revision, FIRST.revision]
    assert await database.read(lambda connection: find_head(connection, ACT)) == FIRST.revision
    with pytest.raises(NotFound):
        await database.read(lambda connection: read_revision(connection, ACT, 2))


async def test_V2_a_number_is_given_once(database: Database) -> None:
    await database.write(add_act)
    other = RevisionContent(replace(BASE.revision, previous_hash="e" * 64), BASE.trees)
    with pytest.raises(Conflict):
        await database.write(lambda connection: insert_revision(connection, other))


async def test_V3_two_revisions_cannot_follow_the_same_one(database: Database) -> None:
    await database.write(add_act)
    await database.write(lambda connection: insert_revision(connection, FIRST))
    fork = RevisionContent(replace(FIRST.revision, number=2), FIRST.trees)
    with pytest.raises(Conflict):
        await database.write(lambda connection: insert_revision(connection, fork))


@pytest.mark.parametrize("table", ["revisions", "revision_parts"])
@pytest.mark.parametrize("change", ["UPDATE {} SET number = number", "DELETE FROM {}"])
async def test_I1_V1_the_database_refuses_to_change_a_revision(database: Database, table: str, change: str) -> None:
    await database.write(add_act)
    with pytest.raises(DBAPIError, match=f"{table} never change"):
        await database.write(lambda connection: connection.execute(text(change.format(table))))
    assert await database.read(lambda connection: read_revision(connection, ACT, 0)) == BASE


@pytest.mark.parametrize(
    "other",
    [
        "INSERT {} revisions SELECT act_id, number, kind, 'інша', note, scheme_id, scheme_hash, created_by, at, hash, hash FROM revisions",
        "INSERT {} revisions SELECT act_id, 9, kind, title, '', scheme_id, scheme_hash, created_by, at, previous_hash, hash FROM revisions",
        "INSERT {} revision_parts SELECT act_id, number, part, document, seq + 1, content_hash, tree_hash, tree FROM revision_parts",
    ],
)
async def test_I1_V1_nothing_takes_the_place_of_a_revision(database: Database, other: str) -> None:
    await database.write(add_act)
    how = "INTO" if database.dialect == "postgresql" else "OR REPLACE INTO"
    with pytest.raises(DBAPIError, match=r"never change|duplicate key"):
        await database.write(lambda connection: connection.execute(text(other.format(how))))
    assert await database.read(lambda connection: read_revision(connection, ACT, 0)) == BASE


@pytest.mark.parametrize("table", ["revisions", "revision_parts"])
async def test_P4_postgresql_refuses_to_empty_the_table_too(database: Database, table: str) -> None:
    await database.write(add_act)
    emptying = f"TRUNCATE {table} CASCADE" if database.dialect == "postgresql" else f"DELETE FROM {table} WHERE 1"
    with pytest.raises(DBAPIError, match="never change"):
        await database.write(lambda connection: connection.execute(text(emptying)))
