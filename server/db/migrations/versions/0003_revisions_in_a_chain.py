"""Revisions: all parts of an act, chained by hashes; no second text under a number by any way of inserting"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

START = "0" * 64
KEYS = {"revisions": ("act_id", "number"), "revision_parts": ("act_id", "number", "part"), "events": ("scope", "seq")}


def upgrade() -> None:
    old = op.get_bind().execute(sa.text(
        "SELECT r.act_id, r.number, r.kind, r.seqs, r.tree, r.content_hash, r.created_by, r.at, a.title, a.scheme_id, a.scheme_hash "
        "FROM revisions r JOIN acts a ON a.id = r.act_id ORDER BY r.act_id, r.number"
    )).mappings().all()
    op.drop_table('revisions')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION revisions_never_change()")
    revisions, parts = create_tables()
    previous: dict[str, str] = {}
    for row in old:
        act, tree = row["act_id"], bytes(row["tree"])
        part = {
            "act_id": act, "number": row["number"], "part": "", "document": act, "seq": json.loads(row["seqs"])[act],
            "content_hash": row["content_hash"], "tree_hash": hashlib.sha256(tree).hexdigest(), "tree": tree,
        }
        record = {name: row[name] for name in ("act_id", "number", "kind", "title", "scheme_id", "scheme_hash", "created_by", "at")}
        record |= {"note": "", "previous_hash": previous.get(act, START)}
        record["hash"] = previous[act] = hash_of(record, part)
        op.get_bind().execute(revisions.insert(), record)
        op.get_bind().execute(parts.insert(), part)
    for table in ("revisions", "revision_parts"):
        forbid_changes(table)
    if op.get_bind().dialect.name == "sqlite":
        for table, key in KEYS.items():
            forbid_replacing(table, key)


def create_tables() -> tuple[sa.Table, sa.Table]:
    revisions = op.create_table('revisions',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('scheme_id', sa.String(length=64), nullable=False),
    sa.Column('scheme_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'number'),
    sa.UniqueConstraint('act_id', 'previous_hash', name='revisions_do_not_fork')
    )
    parts = op.create_table('revision_parts',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('tree_hash', sa.String(length=64), nullable=False),
    sa.Column('tree', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'number'], ['revisions.act_id', 'revisions.number'], ),
    sa.PrimaryKeyConstraint('act_id', 'number', 'part')
    )
    return revisions, parts


def hash_of(record: dict[str, object], part: dict[str, object]) -> str:
    """`versions/chain.py`, form 1, as it was when this step was written."""
    head = ["zlahoda-revision-1", *(record[name] for name in ("act_id", "number", "kind", "title", "note", "scheme_id", "scheme_hash"))]
    parts = [[part[name] for name in ("part", "document", "seq", "content_hash", "tree_hash")]]
    link = [*head, record["created_by"], record["at"], parts, record["previous_hash"]]
    return hashlib.sha256(json.dumps(link, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} never change'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_never_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} never change' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_never_change()"
    )


def forbid_replacing(table: str, key: tuple[str, ...]) -> None:
    """INSERT OR REPLACE deletes the row in its way without asking the trigger of deletions."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    scope = key[0]
    forks = "" if table == "revision_parts" else f" OR ({scope} = NEW.{scope} AND previous_hash = NEW.previous_hash)"
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE ({same}){forks}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} never change'); END"
    )
