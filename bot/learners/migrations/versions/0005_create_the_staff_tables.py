"""create the tables of the console's staff"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('staff',
    sa.Column('login', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('roles', sa.String(length=80), nullable=False),
    sa.Column('desks', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('login')
    )
    op.create_table('staff_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('login', sa.String(length=32), nullable=False),
    sa.Column('begun_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['login'], ['staff.login'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_index('ix_staff_session_login', 'staff_session', ['login'])
    op.create_table('staff_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_staff_attempt_account', 'staff_attempt', ['account'])
    op.create_index('ix_staff_attempt_address', 'staff_attempt', ['address'])
    op.create_index('ix_staff_attempt_at', 'staff_attempt', ['at'])
    op.create_table('staff_audit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('login', sa.String(length=32), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_staff_audit_at', 'staff_audit', ['at'])
    op.create_index('ix_staff_audit_action', 'staff_audit', ['action'])
    op.create_index('ix_staff_audit_subject', 'staff_audit', ['subject'])
    op.create_index('ix_staff_audit_login_at', 'staff_audit', ['login', 'at'])
    op.create_table('staff_presence',
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('login', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['login'], ['staff.login'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subject', 'login')
    )


def downgrade() -> None:
    for table in ('staff_presence', 'staff_audit', 'staff_attempt', 'staff_session', 'staff'):
        op.drop_table(table)
