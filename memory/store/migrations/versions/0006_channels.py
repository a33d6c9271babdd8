"""Channels: circuits, warm-ups, what providers tell us, and what a message needs to be repeated or looked up safely

Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('body_hash', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('first_key', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('extra_millis', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('engaged_at', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.create_index('outbox_receipt', ['receipt'], unique=False)
    with op.batch_alter_table('live_plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('looked_at', sa.BigInteger(), nullable=False, server_default='0'))
    op.create_table('circuit',
    sa.Column('shop_id', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('n_failures', sa.Integer(), nullable=False),
    sa.Column('n_openings', sa.Integer(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'channel')
    )
    op.create_table('provider_event',
    sa.Column('shop_id', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('event_id', sa.String(), nullable=False),
    sa.Column('send_key', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('arrived_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'source', 'event_id')
    )
    with op.batch_alter_table('provider_event', schema=None) as batch_op:
        batch_op.create_index('provider_event_message', ['shop_id', 'send_key'], unique=False)
    op.create_table('delivery',
    sa.Column('send_key', sa.String(), nullable=False),
    sa.Column('shop_id', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('send_key')
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_shop_id'), ['shop_id'], unique=False)
    op.create_table('warm_up',
    sa.Column('shop_id', sa.String(), nullable=False),
    sa.Column('domain', sa.String(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=False),
    sa.Column('counted_from', sa.BigInteger(), nullable=False),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.Column('paused_at', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'domain')
    )


def downgrade() -> None:
    for name in ('warm_up', 'delivery', 'provider_event', 'circuit'):
        op.drop_table(name)
    with op.batch_alter_table('live_plan', schema=None) as batch_op:
        batch_op.drop_column('looked_at')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('outbox_receipt')
        for name in ('engaged_at', 'extra_millis', 'first_key', 'body_hash'):
            batch_op.drop_column(name)
