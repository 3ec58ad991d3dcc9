"""Approval: rounds, positions, visas, deputies, signatures; and a seal that nothing lifts"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

NEVER_CHANGE = {
    "act_seals": ("act_id",),
    "approval_rounds": ("act_id", "number"),
    "approval_round_ends": ("act_id", "round"),
    "approval_requests": ("act_id", "round", "body"),
    "positions": ("act_id", "round", "body"),
    "position_remarks": ("act_id", "remark_id"),
    "late_positions": ("act_id", "id"),
    "visa_sheets": ("act_id", "revision", "body", "number"),
    "visas": ("act_id", "revision", "body", "sheet", "user_id"),
    "signatures": ("act_id", "id"),
}
SEALED = "a sealed text never changes"


def upgrade() -> None:
    create_tables()
    for table, key in NEVER_CHANGE.items():
        forbid_changes(table, key)
    hold_the_seal()


def create_tables() -> None:
    op.create_table('deputies',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('signatory', sa.String(length=32), nullable=False),
    sa.Column('deputy', sa.String(length=32), nullable=False),
    sa.Column('first_day', sa.String(length=10), nullable=False),
    sa.Column('last_day', sa.String(length=10), nullable=False),
    sa.Column('named_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['body'], ['bodies.code'], ),
    sa.ForeignKeyConstraint(['deputy'], ['users.id'], ),
    sa.ForeignKeyConstraint(['signatory'], ['users.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_deputies_body'), 'deputies', ['body'], unique=False)
    op.create_index(op.f('ix_deputies_deputy'), 'deputies', ['deputy'], unique=False)
    op.create_table('act_procedures',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('policy', sa.String(length=32), nullable=False),
    sa.Column('procedure', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.PrimaryKeyConstraint('act_id')
    )
    op.create_table('act_seals',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('revision_hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.PrimaryKeyConstraint('act_id')
    )
    op.create_table('approval_rounds',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('revision_hash', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('opened_by', sa.String(length=32), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'revision'], ['revisions.act_id', 'revisions.number'], ),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'number')
    )
    op.create_table('visa_sheets',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('order', sa.String(length=16), nullable=False),
    sa.Column('people', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'revision'], ['revisions.act_id', 'revisions.number'], ),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'revision', 'body', 'number')
    )
    op.create_table('approval_requests',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('round', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('class', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('silent', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'round'], ['approval_rounds.act_id', 'approval_rounds.number'], ),
    sa.ForeignKeyConstraint(['body'], ['bodies.code'], ),
    sa.PrimaryKeyConstraint('act_id', 'round', 'body')
    )
    op.create_index('approval_requests_by_body', 'approval_requests', ['body'], unique=False)
    op.create_index('approval_requests_by_due', 'approval_requests', ['silent', 'due_at'], unique=False)
    op.create_table('approval_round_ends',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('round', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('ended_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'round'], ['approval_rounds.act_id', 'approval_rounds.number'], ),
    sa.PrimaryKeyConstraint('act_id', 'round')
    )
    op.create_table('visas',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('sheet', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('result', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'revision', 'body', 'sheet'], ['visa_sheets.act_id', 'visa_sheets.revision', 'visa_sheets.body', 'visa_sheets.number'], ),
    sa.PrimaryKeyConstraint('act_id', 'revision', 'body', 'sheet', 'user_id')
    )
    op.create_table('late_positions',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('signatory', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'round', 'body'], ['approval_requests.act_id', 'approval_requests.round', 'approval_requests.body'], ),
    sa.PrimaryKeyConstraint('act_id', 'id')
    )
    op.create_table('positions',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('round', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('revision_hash', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('signatory', sa.String(length=32), nullable=False),
    sa.Column('deputy_for', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'round', 'body'], ['approval_requests.act_id', 'approval_requests.round', 'approval_requests.body'], ),
    sa.PrimaryKeyConstraint('act_id', 'round', 'body')
    )
    op.create_table('position_remarks',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('remark_id', sa.String(length=32), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'remark_id'], ['remarks.act_id', 'remarks.id'], ),
    sa.ForeignKeyConstraint(['act_id', 'round', 'body'], ['positions.act_id', 'positions.round', 'positions.body'], ),
    sa.PrimaryKeyConstraint('act_id', 'remark_id')
    )
    op.create_table('signatures',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('revision_hash', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('verification', sa.String(length=32), nullable=False),
    sa.Column('added_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'round', 'body'], ['positions.act_id', 'positions.round', 'positions.body'], ),
    sa.PrimaryKeyConstraint('act_id', 'id')
    )


def forbid_changes(table: str, key: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} never change'); END"
            )
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} never change'); END"
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


def hold_the_seal() -> None:
    """Once an act has its seal, no document of it is opened again, gets another update, or is added."""
    held = "EXISTS (SELECT 1 FROM act_seals WHERE act_id = OLD.act_id)"
    moved = "(NOT NEW.sealed OR NEW.last_seq <> OLD.last_seq OR NEW.epoch <> OLD.epoch)"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER documents_stay_sealed BEFORE UPDATE ON documents WHEN OLD.sealed AND {moved} AND {held} "
            f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
        )
        op.execute(
            "CREATE TRIGGER documents_none_after_the_seal BEFORE INSERT ON documents "
            f"WHEN EXISTS (SELECT 1 FROM act_seals WHERE act_id = NEW.act_id) BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION documents_stay_sealed() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF EXISTS (SELECT 1 FROM act_seals WHERE act_id = NEW.act_id) THEN RAISE EXCEPTION '{SEALED}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER documents_stay_sealed BEFORE UPDATE ON documents FOR EACH ROW WHEN (OLD.sealed AND {moved}) "
        "EXECUTE FUNCTION documents_stay_sealed()"
    )
    op.execute(
        "CREATE TRIGGER documents_none_after_the_seal BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION documents_stay_sealed()"
    )
