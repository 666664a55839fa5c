"""Why customers leave, what they wish for, what they keep asking"""

from alembic import op
import sqlalchemy as sa

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('voice',
    sa.Column('id', sa.String(length=140), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('list', sa.String(length=10), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.String(length=20), nullable=True),
    sa.Column('customers', sa.Integer(), nullable=False),
    sa.Column('tickets', sa.Integer(), nullable=False),
    sa.Column('share', sa.Float(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('quotes', sa.JSON(), nullable=False),
    sa.Column('answer_from', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_voice_from_run_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_voice_to_run_run')),
    sa.PrimaryKeyConstraint('id', 'from_run', name=op.f('pk_voice'))
    )
    with op.batch_alter_table('voice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_voice_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_voice_to_run_list'), ['to_run', 'list'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('voice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_voice_to_run_list'))
        batch_op.drop_index(batch_op.f('ix_voice_from_run'))

    op.drop_table('voice')
