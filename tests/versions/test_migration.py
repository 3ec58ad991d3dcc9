"""A database from before revisions were chained: its bases come along, chained and whole."""

import json
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from server.db.engine import open_database
from server.db.migrate import alembic_config, migrate
from server.formats import canonical
from server.ids import ActId, BlockId
from server.text.numbering import load_scheme
from server.text.tree import Tree, Unit
from server.versions.chain import find_defects
from server.versions.store import list_revisions, read_revision

ACT = "a" * 32
SCHEME = load_scheme("cabinet")
TREE = Tree((Unit(BlockId("b1"), "point", (), "auto"), Unit(BlockId("b2"), "paragraph", (), "")))


def before(connection: Connection) -> None:
    """The schema of 0002 with an imported act."""
    command.upgrade(alembic_config(connection), "0002")
    rows = [
        ("bodies", {"code": "mvs", "name_uk": "МВС", "name_en": "MIA", "short_uk": "МВС", "short_en": "MIA", "hue": 1, "active": True}),
        (
            "users",
            {
                "id": "u", "email": "a@mvs", "name": "Олена", "position": "", "body": "mvs", "role": "", "password_hash": "",
                "must_change_password": False, "demo": False, "locale": "uk", "created_at": 1,
            },
        ),
        (
            "acts",
            {
                "id": ACT, "title": "Про ґрунти 📜", "title_folded": "про ґрунти 📜", "kind": "postanova", "stage": "draft",
                "lead_body": "mvs",
                "scheme_id": SCHEME.id, "scheme_hash": SCHEME.hash, "created_by": "u", "created_at": 1, "updated_at": 1,
            },
        ),
        (
            "revisions",
            {
                "act_id": ACT, "number": 0, "kind": "base", "seqs": json.dumps({ACT: 1}),
                "content_hash": canonical.content_hash(TREE, SCHEME),
                "tree": canonical.write(canonical.freeze(TREE, SCHEME)), "created_by": "u", "at": 7,
            },
        ),
    ]  # fmt: skip
    for table, row in rows:
        names = ", ".join(row)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


@pytest.mark.parametrize("kind", [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.services)])
async def test_V1_the_bases_of_an_older_database_are_chained(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_server").new_database() if kind == "postgresql" else ""
    database = open_database(url, tmp_path)
    try:
        await database.write(before)
        await migrate(database)
        base = await database.read(lambda connection: read_revision(connection, ActId(ACT), 0))
        assert (base.revision.title, base.revision.note, base.revision.at, base.revision.seqs) == ("Про ґрунти 📜", "", 7, {ACT: 1})
        assert base.frozen() == canonical.freeze(TREE, SCHEME)
        assert [one.number for one in await database.read(lambda connection: list_revisions(connection, ActId(ACT)))] == [0]
        assert list(find_defects(ActId(ACT), [base])) == []
    finally:
        await database.close()
