"""Counts per day, expectations, signals, late arrivals"""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('arrival',
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('lag', sa.Integer(), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('tickets', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_arrival_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_arrival_to_run')),
    sa.PrimaryKeyConstraint('source', 'day', 'lag', 'from_run', name=op.f('pk_arrival'))
    )
    with op.batch_alter_table('arrival', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_arrival_from_run'), ['from_run'], unique=False)

    op.create_table('day_tally',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('topic_id', sa.String(length=20), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('tickets', sa.Integer(), nullable=False),
    sa.Column('customers', sa.Integer(), nullable=False),
    sa.Column('negative', sa.Integer(), nullable=False),
    sa.Column('mood', sa.BigInteger(), nullable=False),
    sa.Column('csat', sa.BigInteger(), nullable=False),
    sa.Column('csat_answers', sa.Integer(), nullable=False),
    sa.Column('csat_good', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_day_tally_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_day_tally_to_run')),
    sa.PrimaryKeyConstraint('day', 'topic_id', 'dimension', 'value', 'from_run', name=op.f('pk_day_tally'))
    )
    with op.batch_alter_table('day_tally', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_day_tally_dimension_to_run_day'), ['dimension', 'to_run', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_day_tally_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_day_tally_to_run'), ['to_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_day_tally_topic_id_dimension_to_run_day'), ['topic_id', 'dimension', 'to_run', 'day'], unique=False)

    op.create_table('expectation',
    sa.Column('topic_id', sa.String(length=20), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('expected', sa.Float(), nullable=False),
    sa.Column('lower', sa.Float(), nullable=False),
    sa.Column('upper', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_expectation_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_expectation_to_run')),
    sa.PrimaryKeyConstraint('topic_id', 'dimension', 'value', 'day', 'from_run', name=op.f('pk_expectation'))
    )
    with op.batch_alter_table('expectation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expectation_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_expectation_to_run'), ['to_run'], unique=False)

    op.create_table('signal',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('topic_id', sa.String(length=20), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('onset', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('window', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('expected', sa.Float(), nullable=False),
    sa.Column('lower', sa.Float(), nullable=False),
    sa.Column('upper', sa.Float(), nullable=False),
    sa.Column('ratio', sa.Float(), nullable=False),
    sa.Column('ratio_low', sa.Float(), nullable=False),
    sa.Column('ratio_high', sa.Float(), nullable=False),
    sa.Column('evidence_strength', sa.Float(), nullable=False),
    sa.Column('chance_share', sa.Float(), nullable=False),
    sa.Column('per_thousand', sa.Float(), nullable=True),
    sa.Column('per_thousand_units', sa.Float(), nullable=True),
    sa.Column('course', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('quiet', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('why_de', sa.Text(), nullable=False),
    sa.Column('why_en', sa.Text(), nullable=False),
    sa.Column('examples', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_signal_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_signal_to_run')),
    sa.PrimaryKeyConstraint('id', 'from_run', name=op.f('pk_signal'))
    )
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signal_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_signal_to_run_day'), ['to_run', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_signal_topic_id'), ['topic_id'], unique=False)


def downgrade() -> None:
    for table in ('signal', 'expectation', 'day_tally', 'arrival'):
        op.drop_table(table)
