"""Online sources: cursors and answers to surveys"""

from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('survey_answer',
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=400), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('ticket_id', sa.String(length=400), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('csat', sa.Float(), nullable=True),
    sa.Column('nps', sa.Integer(), nullable=True),
    sa.Column('ces', sa.Float(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_survey_answer_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_survey_answer_to_run')),
    sa.PrimaryKeyConstraint('source', 'id', 'from_run', name=op.f('pk_survey_answer'))
    )
    op.create_index(op.f('ix_survey_answer_source_ticket_id'), 'survey_answer', ['source', 'ticket_id'], unique=False)
    op.create_table('watermark',
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('cursor', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_watermark_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_watermark_to_run')),
    sa.PrimaryKeyConstraint('source', 'from_run', name=op.f('pk_watermark'))
    )


def downgrade() -> None:
    op.drop_table('watermark')
    op.drop_table('survey_answer')
