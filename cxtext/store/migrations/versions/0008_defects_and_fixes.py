"""Defects, fixes and whether they worked"""

from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('defect',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('product', sa.String(length=400), nullable=False),
    sa.Column('version', sa.String(length=200), nullable=True),
    sa.Column('family', sa.String(length=400), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('issue', sa.String(length=400), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('window', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('expected', sa.Float(), nullable=False),
    sa.Column('others', sa.Integer(), nullable=False),
    sa.Column('reference', sa.Integer(), nullable=False),
    sa.Column('ratio', sa.Float(), nullable=False),
    sa.Column('low', sa.Float(), nullable=False),
    sa.Column('high', sa.Float(), nullable=False),
    sa.Column('information', sa.Float(), nullable=False),
    sa.Column('unhappy', sa.Float(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('quotes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_defect_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_defect_to_run')),
    sa.PrimaryKeyConstraint('id', 'from_run', name=op.f('pk_defect'))
    )
    with op.batch_alter_table('defect', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_defect_from_run'), ['from_run'], unique=False)

    op.create_table('fix',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('topic_id', sa.String(length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('product', sa.String(length=400), nullable=True),
    sa.Column('version', sa.String(length=200), nullable=True),
    sa.Column('department', sa.String(length=120), nullable=True),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_fix_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_fix_to_run')),
    sa.PrimaryKeyConstraint('id', 'from_run', name=op.f('pk_fix'))
    )
    with op.batch_alter_table('fix', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fix_from_run'), ['from_run'], unique=False)

    op.create_table('fix_check',
    sa.Column('fix_id', sa.String(length=20), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('judged_day', sa.Date(), nullable=True),
    sa.Column('onset', sa.Date(), nullable=True),
    sa.Column('before', sa.Integer(), nullable=False),
    sa.Column('after', sa.Integer(), nullable=False),
    sa.Column('days_before', sa.Integer(), nullable=False),
    sa.Column('days_after', sa.Integer(), nullable=False),
    sa.Column('change', sa.Float(), nullable=True),
    sa.Column('lower', sa.Float(), nullable=True),
    sa.Column('upper', sa.Float(), nullable=True),
    sa.Column('placebo', sa.Float(), nullable=True),
    sa.Column('controls', sa.JSON(), nullable=False),
    sa.Column('relapsed_on', sa.Date(), nullable=True),
    sa.Column('saved', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_fix_check_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_fix_check_to_run')),
    sa.PrimaryKeyConstraint('fix_id', 'from_run', name=op.f('pk_fix_check'))
    )
    with op.batch_alter_table('fix_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fix_check_from_run'), ['from_run'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('fix_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fix_check_from_run'))

    op.drop_table('fix_check')
    with op.batch_alter_table('fix', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fix_from_run'))

    op.drop_table('fix')
    with op.batch_alter_table('defect', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_defect_from_run'))

    op.drop_table('defect')
