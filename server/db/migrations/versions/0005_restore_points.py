"""Restore points: states of documents on the way, so that the text at any place is near. The journal stays the truth"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('restore_points',
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('epoch', sa.String(length=16), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('state', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['documents.document'], ),
    sa.PrimaryKeyConstraint('document', 'seq')
    )
