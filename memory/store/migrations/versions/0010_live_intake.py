"""Live intake: the inbox, webhook secrets, outside objects, triggers, and batches that a trigger made

Revises: 0003
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'inbox',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('topic', sa.String(), nullable=False),
        sa.Column('delivery_id', sa.String(), nullable=False),
        sa.Column('body', sa.LargeBinary(), nullable=False),
        sa.Column('n_rows', sa.Integer(), nullable=False),
        sa.Column('received_at', sa.BigInteger(), nullable=False),
        sa.Column('retry_at', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('n_tries', sa.Integer(), nullable=False),
        sa.Column('finished_at', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('reason', sa.Text(), nullable=False, server_default=''),
        sa.Column('person_ids', sa.Text(), nullable=False, server_default=''),
        sa.UniqueConstraint('shop_id', 'source', 'delivery_id', name='one_row_per_delivery'),
    )
    op.create_index('inbox_waiting', 'inbox', ['shop_id', 'state', 'retry_at'])
    op.create_table(
        'inbox_rejected',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('inbox_id', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('topic', sa.String(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
    )
    op.create_index('ix_inbox_rejected_shop_id', 'inbox_rejected', ['shop_id'])
    op.create_table(
        'webhook_secret',
        sa.Column('id', sa.String(), primary_key=True),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('domain', sa.String(), nullable=False),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.Column('created_by', sa.String(), nullable=False),
        sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('retired_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    )
    op.create_index('ix_webhook_secret_domain', 'webhook_secret', ['domain'])
    op.create_table(
        'outside_state',
        sa.Column('shop_id', sa.String(), primary_key=True),
        sa.Column('object_key', sa.String(), primary_key=True),
        sa.Column('state', sa.BigInteger(), nullable=False),
    )
    op.create_table(
        'inventory_item',
        sa.Column('shop_id', sa.String(), primary_key=True),
        sa.Column('item_id', sa.String(), primary_key=True),
        sa.Column('sku', sa.String(), nullable=False),
    )
    op.create_table(
        'inventory_level',
        sa.Column('shop_id', sa.String(), primary_key=True),
        sa.Column('item_id', sa.String(), primary_key=True),
        sa.Column('location_id', sa.String(), primary_key=True),
        sa.Column('available', sa.BigInteger(), nullable=False),
    )
    _triggers()


def _triggers() -> None:
    op.create_table(
        'trigger_queue',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('subject_id', sa.String(), nullable=False),
        sa.Column('trigger', sa.String(), nullable=False),
        sa.Column('event_at', sa.BigInteger(), nullable=False),
        sa.Column('received_at', sa.BigInteger(), nullable=False),
        sa.Column('ready_at', sa.BigInteger(), nullable=False),
        sa.Column('step', sa.String(), nullable=False),
        sa.Column('decided_at', sa.BigInteger(), nullable=False, server_default='0'),
    )
    op.create_index('trigger_ready', 'trigger_queue', ['shop_id', 'decided_at', 'ready_at'])
    op.create_table(
        'triggered_step',
        sa.Column('plan_id', sa.String(), primary_key=True),
        sa.Column('step_id', sa.String(), primary_key=True),
        sa.Column('person_id', sa.String(), primary_key=True),
    )
    with op.batch_alter_table('decision_batch', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), nullable=False, server_default='slot'))
        batch_op.drop_constraint('one_batch_per_slot', type_='unique')
        batch_op.create_unique_constraint('one_batch_per_slot', ['shop_id', 'slot_at', 'kind'])


def downgrade() -> None:
    op.execute("DELETE FROM decision_batch WHERE kind <> 'slot'")
    with op.batch_alter_table('decision_batch', schema=None) as batch_op:
        batch_op.drop_constraint('one_batch_per_slot', type_='unique')
        batch_op.create_unique_constraint('one_batch_per_slot', ['shop_id', 'slot_at'])
        batch_op.drop_column('kind')
    for table in (
        'triggered_step', 'trigger_queue', 'inventory_level', 'inventory_item', 'outside_state', 'webhook_secret',
        'inbox_rejected', 'inbox',
    ):  # fmt: skip
        op.drop_table(table)
