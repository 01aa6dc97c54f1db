"""create the journal of turns"""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('journal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('conversation', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=True),
    sa.Column('topics', sa.Text(), nullable=False),
    sa.Column('desk', sa.String(length=32), nullable=True),
    sa.Column('handed_over', sa.Boolean(), nullable=False),
    sa.Column('case_number', sa.String(length=16), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('helpful', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    for name in ('at', 'conversation', 'outcome', 'topic'):
        op.create_index(f'ix_journal_{name}', 'journal', [name])


def downgrade() -> None:
    op.drop_table('journal')
