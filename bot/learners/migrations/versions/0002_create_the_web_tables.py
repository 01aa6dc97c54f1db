"""create the tables of the chat page's conversations"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('web_session',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('last_event', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=False),
    sa.Column('learner_id', sa.String(length=11), nullable=True),
    sa.Column('learner_until', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_web_session_used_at', 'web_session', ['used_at'])
    op.create_index('ix_web_session_learner_until', 'web_session', ['learner_until'])
    op.create_table('web_event',
    sa.Column('session_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('turn', sa.String(length=64), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['web_session.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'number')
    )
    op.create_index('ix_web_event_at', 'web_event', ['at'])
    op.create_table('web_turn',
    sa.Column('session_id', sa.String(length=40), nullable=False),
    sa.Column('turn', sa.String(length=64), nullable=False),
    sa.Column('accepted_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['web_session.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'turn')
    )
    op.create_table('web_feedback',
    sa.Column('session_id', sa.String(length=40), nullable=False),
    sa.Column('event', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['session_id', 'event'], ['web_event.session_id', 'web_event.number'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'event')
    )
    op.create_table('web_attachment',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('session_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('event', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['web_session.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_web_attachment_session_id', 'web_attachment', ['session_id'])


def downgrade() -> None:
    op.drop_table('web_attachment')
    op.drop_table('web_feedback')
    op.drop_table('web_turn')
    op.drop_table('web_event')
    op.drop_table('web_session')
