"""A document knows that its history was replaced: clients that hold the old one are sent away (D8b)"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('documents', sa.Column('replaced', sa.Boolean(), nullable=False, server_default=sa.false()))
