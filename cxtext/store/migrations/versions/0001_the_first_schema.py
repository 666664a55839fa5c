"""The first schema"""

from alembic import op
import sqlalchemy as sa


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('request',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_request'))
    )
    op.create_table('run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=True),
    sa.Column('recipe', sa.String(length=80), nullable=True),
    sa.Column('models_hash', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run'))
    )
    op.create_table('ticket',
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=400), nullable=False),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_ticket')),
    sa.UniqueConstraint('source', 'id', name=op.f('uq_ticket_source_id'))
    )
    op.create_table('act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('topic_id', sa.String(length=20), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_act_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act'))
    )
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_act_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_act_topic_id'), ['topic_id'], unique=False)

    op.create_table('assignment',
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('topic_id', sa.String(length=20), nullable=True),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_assignment_from_run')),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_assignment_no')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_assignment_to_run')),
    sa.PrimaryKeyConstraint('no', 'from_run', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_to_run_topic_id'), ['to_run', 'topic_id'], unique=False)

    op.create_table('cause',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('department', sa.String(length=120), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('touchpoint', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_cause_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_cause_to_run')),
    sa.PrimaryKeyConstraint('key', 'from_run', name=op.f('pk_cause'))
    )
    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('was', sa.Text(), nullable=True),
    sa.Column('should_be', sa.Text(), nullable=True),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_correction_no')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_correction_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_no'), ['no'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_run_id'), ['run_id'], unique=False)

    op.create_table('department',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_department_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_department_to_run')),
    sa.PrimaryKeyConstraint('key', 'from_run', name=op.f('pk_department'))
    )
    op.create_table('ledger',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('from_topic', sa.String(length=20), nullable=True),
    sa.Column('to_topic', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_ledger_no')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_ledger_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger'))
    )
    with op.batch_alter_table('ledger', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_no'), ['no'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_run_id'), ['run_id'], unique=False)

    op.create_table('memory',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_memory_run_id')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_memory'))
    )
    op.create_table('published',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_published_run_id')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_published'))
    )
    op.create_table('quarantine',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_quarantine_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine')),
    sa.UniqueConstraint('hash', name=op.f('uq_quarantine_hash'))
    )
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quarantine_run_id'), ['run_id'], unique=False)

    op.create_table('reading',
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('sentiment', sa.Float(), nullable=False),
    sa.Column('sentiment_label', sa.String(length=10), nullable=False),
    sa.Column('sentiment_confidence', sa.Float(), nullable=False),
    sa.Column('sentiment_evidence', sa.JSON(), nullable=False),
    sa.Column('cause', sa.String(length=120), nullable=True),
    sa.Column('cause_confidence', sa.Float(), nullable=False),
    sa.Column('department', sa.String(length=120), nullable=True),
    sa.Column('department_confidence', sa.Float(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('suggestions', sa.JSON(), nullable=False),
    sa.Column('intent', sa.String(length=20), nullable=False),
    sa.Column('urgency', sa.Float(), nullable=False),
    sa.Column('urgency_evidence', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_reading_from_run')),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_reading_no')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_reading_to_run')),
    sa.PrimaryKeyConstraint('no', 'from_run', name=op.f('pk_reading'))
    )
    with op.batch_alter_table('reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reading_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_reading_to_run_cause'), ['to_run', 'cause'], unique=False)
        batch_op.create_index(batch_op.f('ix_reading_to_run_department'), ['to_run', 'department'], unique=False)

    op.create_table('topic',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('parent_id', sa.String(length=20), nullable=True),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('keywords', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('quotes', sa.JSON(), nullable=False),
    sa.Column('named_by', sa.String(length=200), nullable=True),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('muted', sa.Boolean(), nullable=False),
    sa.Column('merged_into', sa.String(length=20), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('first_seen', sa.Date(), nullable=True),
    sa.Column('last_seen', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('sentiment', sa.Float(), nullable=True),
    sa.Column('negative_share', sa.Float(), nullable=True),
    sa.Column('csat_impact', sa.Float(), nullable=True),
    sa.Column('departments', sa.JSON(), nullable=False),
    sa.Column('causes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_topic_from_run')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_topic_to_run')),
    sa.PrimaryKeyConstraint('id', 'from_run', name=op.f('pk_topic'))
    )
    op.create_table('version',
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('from_run', sa.Integer(), nullable=False),
    sa.Column('to_run', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('fold', sa.String(length=64), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('auto_reply', sa.Boolean(), nullable=False),
    sa.Column('removed', sa.JSON(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_language', sa.String(length=40), nullable=True),
    sa.Column('channel', sa.String(length=80), nullable=True),
    sa.Column('product', sa.String(length=400), nullable=True),
    sa.Column('version', sa.String(length=200), nullable=True),
    sa.Column('customer_id', sa.String(length=80), nullable=True),
    sa.Column('given_department', sa.String(length=400), nullable=True),
    sa.Column('given_category', sa.String(length=400), nullable=True),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('priority', sa.String(length=80), nullable=True),
    sa.Column('status', sa.String(length=80), nullable=True),
    sa.Column('assignee', sa.String(length=80), nullable=True),
    sa.Column('first_response_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened', sa.Integer(), nullable=True),
    sa.Column('csat', sa.Float(), nullable=True),
    sa.Column('nps', sa.Integer(), nullable=True),
    sa.Column('ces', sa.Float(), nullable=True),
    sa.Column('stars', sa.Float(), nullable=True),
    sa.Column('churned', sa.Boolean(), nullable=True),
    sa.Column('cost', sa.Float(), nullable=True),
    sa.Column('extra', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['from_run'], ['run.id'], name=op.f('fk_version_from_run')),
    sa.ForeignKeyConstraint(['no'], ['ticket.no'], name=op.f('fk_version_no')),
    sa.ForeignKeyConstraint(['to_run'], ['run.id'], name=op.f('fk_version_to_run')),
    sa.PrimaryKeyConstraint('no', 'from_run', name=op.f('pk_version'))
    )
    with op.batch_alter_table('version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_version_fold'), ['fold'], unique=False)
        batch_op.create_index(batch_op.f('ix_version_from_run'), ['from_run'], unique=False)
        batch_op.create_index(batch_op.f('ix_version_to_run_day'), ['to_run', 'day'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_version_to_run_day'))
        batch_op.drop_index(batch_op.f('ix_version_from_run'))
        batch_op.drop_index(batch_op.f('ix_version_fold'))

    op.drop_table('version')
    op.drop_table('topic')
    with op.batch_alter_table('reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reading_to_run_department'))
        batch_op.drop_index(batch_op.f('ix_reading_to_run_cause'))
        batch_op.drop_index(batch_op.f('ix_reading_from_run'))

    op.drop_table('reading')
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quarantine_run_id'))

    op.drop_table('quarantine')
    op.drop_table('published')
    op.drop_table('memory')
    with op.batch_alter_table('ledger', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_run_id'))
        batch_op.drop_index(batch_op.f('ix_ledger_no'))

    op.drop_table('ledger')
    op.drop_table('department')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_run_id'))
        batch_op.drop_index(batch_op.f('ix_correction_no'))

    op.drop_table('correction')
    op.drop_table('cause')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_to_run_topic_id'))
        batch_op.drop_index(batch_op.f('ix_assignment_from_run'))

    op.drop_table('assignment')
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_act_topic_id'))
        batch_op.drop_index(batch_op.f('ix_act_run_id'))

    op.drop_table('act')
    op.drop_table('ticket')
    op.drop_table('run')
    op.drop_table('request')
