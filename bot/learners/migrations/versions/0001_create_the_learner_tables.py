"""create the learner tables"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('course',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('code')
    )
    op.create_table('learner',
    sa.Column('learner_id', sa.String(length=11), nullable=False),
    sa.Column('display_name', sa.String(length=60), nullable=False),
    sa.Column('as_of', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('learner_id')
    )
    op.create_table('account',
    sa.Column('learner_id', sa.String(length=11), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=False),
    sa.Column('identity', sa.String(length=16), nullable=False),
    sa.Column('id_number_on_file', sa.Boolean(), nullable=False),
    sa.Column('certificate_bound', sa.Boolean(), nullable=False),
    sa.Column('converted_at', sa.DateTime(), nullable=True),
    sa.Column('last_login_at', sa.DateTime(), nullable=True),
    sa.Column('first_login_after_conversion_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.learner_id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('learner_id')
    )
    op.create_table('enrollment',
    sa.Column('learner_id', sa.String(length=11), nullable=False),
    sa.Column('course_code', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('course_title', sa.String(), nullable=False),
    sa.Column('course_kind', sa.String(length=16), nullable=False),
    sa.Column('certified_hours', sa.Float(), nullable=False),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('ten_hours', sa.Boolean(), nullable=False),
    sa.Column('required_reading_minutes', sa.Float(), nullable=False),
    sa.Column('pass_score', sa.Integer(), nullable=True),
    sa.Column('survey_required', sa.Boolean(), nullable=False),
    sa.Column('mooc_listed', sa.Boolean(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('enrolled_at', sa.DateTime(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('reading_minutes', sa.Integer(), nullable=False),
    sa.Column('best_score', sa.Integer(), nullable=True),
    sa.Column('survey_done', sa.Boolean(), nullable=False),
    sa.Column('completed_at', sa.DateTime(), nullable=True),
    sa.Column('mooc_form_submitted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.learner_id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('learner_id', 'course_code')
    )
    op.create_table('profile',
    sa.Column('learner_id', sa.String(length=11), nullable=False),
    sa.Column('agency_code', sa.String(), nullable=True),
    sa.Column('agency_name', sa.String(), nullable=True),
    sa.Column('personnel_category', sa.String(length=2), nullable=True),
    sa.Column('report_to_teacher_portal', sa.Boolean(), nullable=False),
    sa.Column('env_edu_account', sa.Boolean(), nullable=False),
    sa.Column('env_edu_agency_code', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.learner_id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('learner_id')
    )
    op.create_table('upload',
    sa.Column('learner_id', sa.String(length=11), nullable=False),
    sa.Column('course_code', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('portal', sa.String(length=16), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id', 'course_code'], ['enrollment.learner_id', 'enrollment.course_code'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('learner_id', 'course_code', 'position')
    )


def downgrade() -> None:
    op.drop_table('upload')
    op.drop_table('profile')
    op.drop_table('enrollment')
    op.drop_table('account')
    op.drop_table('learner')
    op.drop_table('course')
