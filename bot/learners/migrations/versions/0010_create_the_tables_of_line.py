"""create the buttons, the messages that wait for their person, and the files of messages"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('held',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('data', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key', name='uq_held_key')
    )
    op.create_index('ix_held_waiting', 'held', ['channel', 'person', 'done_at'])
    op.create_index('ix_held_done_at', 'held', ['done_at'])
    op.create_table('away',
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'person')
    )
    op.create_table('sent_file',
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('message', sa.String(length=64), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('attachment', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'message')
    )
    op.create_index('ix_sent_file_at', 'sent_file', ['at'])


def downgrade() -> None:
    op.drop_table('sent_file')
    op.drop_table('away')
    op.drop_table('held')
