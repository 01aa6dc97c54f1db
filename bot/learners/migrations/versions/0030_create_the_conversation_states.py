"""create the states of conversations"""

import sqlalchemy as sa
from alembic import op


revision = '0030'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conversation_state',
    sa.Column('conversation', sa.String(length=64), nullable=False),
    sa.Column('message', sa.String(length=64), nullable=False),
    sa.Column('before', sa.Text(), nullable=True),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('conversation')
    )
    op.create_index('ix_conversation_state_at', 'conversation_state', ['at'])


def downgrade() -> None:
    op.drop_table('conversation_state')
