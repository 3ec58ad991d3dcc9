"""How many suggestions somebody has is counted in the index alone: every new one asks."""

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('suggestions_by_author', table_name='suggestions')
    op.create_index('suggestions_by_author', 'suggestions', ['act_id', 'author', 'status'])
