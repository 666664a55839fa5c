"""Sums and places that screens read"""

from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tally',
    sa.Column('topic_id', sa.String(length=20), nullable=False),
    sa.Column('facet', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('negative', sa.Integer(), nullable=False),
    sa.Column('mood', sa.BigInteger(), nullable=False),
    sa.Column('priced', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('closed', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_tally_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_tally_to_run')),
    sa.PrimaryKeyConstraint('topic_id', 'facet', 'value', 'from_run', name=op.f('pk_tally'))
    )
    op.create_index(op.f('ix_tally_facet_to_run_topic_id'), 'tally', ['facet', 'to_run', 'topic_id'], unique=False)
    op.create_index(op.f('ix_tally_from_run'), 'tally', ['from_run'], unique=False)
    op.create_table('topic_place',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.Column('neighbours', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_topic_place_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_topic_place_to_run')),
    sa.PrimaryKeyConstraint('id', 'from_run', name=op.f('pk_topic_place'))
    )


def downgrade() -> None:
    op.drop_table('topic_place')
    op.drop_index(op.f('ix_tally_from_run'), table_name='tally')
    op.drop_index(op.f('ix_tally_facet_to_run_topic_id'), table_name='tally')
    op.drop_table('tally')
