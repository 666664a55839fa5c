"""Metrics by cut and period, drivers, people's checks"""

from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('metric',
    sa.Column('scope', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=620), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_metric_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_metric_to_run')),
    sa.PrimaryKeyConstraint('scope', 'key', 'period', 'from_run', name=op.f('pk_metric'))
    )
    with op.batch_alter_table('metric', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_metric_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_metric_to_run_scope_kind'), ['to_run', 'scope', 'kind'], unique=False)

    op.create_table('driver',
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('topic_id', sa.String(length=20), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('others', sa.Integer(), nullable=False),
    sa.Column('effect', sa.Float(), nullable=True),
    sa.Column('lower', sa.Float(), nullable=True),
    sa.Column('upper', sa.Float(), nullable=True),
    sa.Column('harm', sa.Float(), nullable=True),
    sa.Column('overall', sa.Float(), nullable=True),
    sa.Column('without', sa.Float(), nullable=True),
    sa.Column('without_lower', sa.Float(), nullable=True),
    sa.Column('without_upper', sa.Float(), nullable=True),
    sa.Column('thin', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_driver_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_driver_to_run')),
    sa.PrimaryKeyConstraint('outcome', 'topic_id', 'from_run', name=op.f('pk_driver'))
    )
    with op.batch_alter_table('driver', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_driver_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_driver_to_run_outcome'), ['to_run', 'outcome'], unique=False)

    op.create_table('ticket_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('week', sa.String(length=10), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('shown', sa.Text(), nullable=True),
    sa.Column('verdict', sa.Boolean(), nullable=False),
    sa.Column('right_value', sa.Text(), nullable=True),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_ticket_check_no')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_ticket_check_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_check'))
    )
    with op.batch_alter_table('ticket_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_check_no'), ['no'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_check_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_check_week_field'), ['week', 'field'], unique=False)


    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.drop_column('csat_impact')  # the table driver says it with an interval


def downgrade() -> None:
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.add_column(sa.Column('csat_impact', sa.Float(), nullable=True))
    op.drop_table('ticket_check')
    op.drop_table('driver')
    op.drop_table('metric')
