"""What stays of an erasure"""

from alembic import op
import sqlalchemy as sa

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erased_ticket',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_erased_ticket'))
    )
    op.create_table('erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('tickets', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure'))
    )


def downgrade() -> None:
    op.drop_table('erasure')
    op.drop_table('erased_ticket')
