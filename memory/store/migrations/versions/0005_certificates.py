"""Certificates of messages, the shop's figures of now, and one ledger for the share of all plans

Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('certificate', sa.Text(), nullable=False, server_default=''))
    op.create_table(
        'shop_figures',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('data_version', sa.BigInteger(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id'),
    )
    op.create_table(
        'share_ledger',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('limit_minor', sa.BigInteger(), nullable=False),
        sa.Column('reserved_minor', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('reserved_minor >= 0 AND reserved_minor <= limit_minor', name='share_not_overdrawn'),
        sa.PrimaryKeyConstraint('shop_id'),
    )
    op.create_table(
        'share_reservation',
        sa.Column('plan_id', sa.String(), nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('plan_id'),
    )
    with op.batch_alter_table('share_reservation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_reservation_shop_id'), ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_table('share_reservation')
    op.drop_table('share_ledger')
    op.drop_table('shop_figures')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('certificate')
