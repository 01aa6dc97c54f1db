"""create the queues of events and messages, and the account links"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inbound',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('event', sa.String(length=200), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('data', sa.Text(), nullable=True),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('held_until', sa.DateTime(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('channel', 'event', name='uq_inbound_event')
    )
    op.create_index('ix_inbound_waiting', 'inbound', ['channel', 'done_at', 'person'])
    op.create_index('ix_inbound_done_at', 'inbound', ['done_at'])
    op.create_table('outbound',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('person', sa.String(length=320), nullable=False),
    sa.Column('data', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('holder', sa.String(length=32), nullable=True),
    sa.Column('held_until', sa.DateTime(), nullable=True),
    sa.Column('tried_at', sa.DateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key', name='uq_outbound_key')
    )
    op.create_index('ix_outbound_waiting', 'outbound', ['channel', 'state', 'person'])
    op.create_index('ix_outbound_holder', 'outbound', ['holder'])
    op.create_index('ix_outbound_closed_at', 'outbound', ['closed_at'])
    op.create_table('account_link',
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('learner_id', sa.String(length=11), nullable=False),
    sa.Column('linked_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'person')
    )
    op.create_table('link_nonce',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('learner_id', sa.String(length=11), nullable=True),
    sa.Column('until', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('digest')
    )
    op.create_index('ix_link_nonce_until', 'link_nonce', ['until'])


def downgrade() -> None:
    op.drop_table('link_nonce')
    op.drop_table('account_link')
    op.drop_table('outbound')
    op.drop_table('inbound')
