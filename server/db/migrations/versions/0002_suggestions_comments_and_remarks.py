"""Suggestions, comments and remarks"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

NEVER_CHANGE = ("suggestion_decisions", "remarks", "remark_answers")
NEVER_GO = ("suggestions", "comment_threads", "comments")


def upgrade() -> None:
    op.create_table('act_releasers',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('named_by', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'user_id')
    )
    op.create_table('comment_threads',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('anchor', sa.Text(), nullable=False),
    sa.Column('suggestion_id', sa.String(length=32), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('resolved_by', sa.String(length=32), nullable=True),
    sa.Column('resolved_at', sa.BigInteger(), nullable=True),
    sa.Column('stamp', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.ForeignKeyConstraint(['document'], ['documents.document'], ),
    sa.PrimaryKeyConstraint('act_id', 'id')
    )
    op.create_index('comment_threads_by_document', 'comment_threads', ['document'], unique=False)
    op.create_table('remarks',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('bid', sa.String(length=64), nullable=False),
    sa.Column('suggestion_id', sa.String(length=32), nullable=True),
    sa.Column('comment_id', sa.String(length=32), nullable=True),
    sa.Column('change', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('proposed', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.ForeignKeyConstraint(['document'], ['documents.document'], ),
    sa.PrimaryKeyConstraint('act_id', 'id'),
    sa.UniqueConstraint('act_id', 'number', name='remarks_are_numbered')
    )
    op.create_table('suggestions',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('change', sa.Text(), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=False),
    sa.Column('author', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('stamp', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('audience', sa.String(length=8), nullable=False),
    sa.Column('claim_by', sa.String(length=32), nullable=True),
    sa.Column('claim_until', sa.BigInteger(), nullable=True),
    sa.Column('claim_version', sa.Integer(), nullable=True),
    sa.Column('claim_what', sa.String(length=16), nullable=True),
    sa.Column('remarked', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], ),
    sa.ForeignKeyConstraint(['document'], ['documents.document'], ),
    sa.PrimaryKeyConstraint('act_id', 'id')
    )
    op.create_index('suggestions_by_author', 'suggestions', ['act_id', 'author'], unique=False)
    op.create_index('suggestions_by_document', 'suggestions', ['document', 'status'], unique=False)
    op.create_table('comments',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('thread_id', sa.String(length=32), nullable=False),
    sa.Column('author', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('audience', sa.String(length=8), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('mentioned_people', sa.Text(), nullable=False),
    sa.Column('mentioned_bodies', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('edited_at', sa.BigInteger(), nullable=True),
    sa.Column('deleted_at', sa.BigInteger(), nullable=True),
    sa.Column('remarked', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'thread_id'], ['comment_threads.act_id', 'comment_threads.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'id')
    )
    op.create_index('comments_by_author', 'comments', ['act_id', 'author'], unique=False)
    op.create_index('comments_by_thread', 'comments', ['act_id', 'thread_id'], unique=False)
    op.create_table('remark_answers',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('remark_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('result', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('who', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'remark_id'], ['remarks.act_id', 'remarks.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'remark_id', 'number')
    )
    op.create_table('suggestion_decisions',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('suggestion_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('who', sa.String(length=32), nullable=False),
    sa.Column('body', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'suggestion_id'], ['suggestions.act_id', 'suggestions.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'suggestion_id', 'number')
    )
    op.create_table('comment_reactions',
    sa.Column('act_id', sa.String(length=32), nullable=False),
    sa.Column('comment_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id', 'comment_id'], ['comments.act_id', 'comments.id'], ),
    sa.PrimaryKeyConstraint('act_id', 'comment_id', 'user_id', 'kind')
    )
    for table in NEVER_CHANGE:
        forbid(table, ("UPDATE", "DELETE"), "never change")
    for table in NEVER_GO:
        forbid(table, ("DELETE",), "are never deleted")


def forbid(table: str, changes: tuple[str, ...], reason: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in changes:
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} {reason}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_stay() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} {reason}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stay BEFORE {' OR '.join((*changes, 'TRUNCATE'))} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_stay()"
    )
