"""Search by words"""

from alembic import op
import sqlalchemy as sa

from cxtext.store.search_tables import create_index, drop_index

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('version_run', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_search_entry_no')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_search_entry_run_id')),
    sa.ForeignKeyConstraint(['version_run'], ['run.id'], name=op.f('fk_search_entry_version_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry'))
    )
    op.create_index(op.f('ix_search_entry_no_version_run'), 'search_entry', ['no', 'version_run'], unique=True)
    op.create_index(op.f('ix_search_entry_run_id'), 'search_entry', ['run_id'], unique=False)
    create_index(op.get_bind())


def downgrade() -> None:
    drop_index(op.get_bind())
    op.drop_table('search_entry')
