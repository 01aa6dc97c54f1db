"""add how a turn goes on from the answer before it"""

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('journal', sa.Column('goes_on', sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('journal') as table:
        table.drop_column('goes_on')
