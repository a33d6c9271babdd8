"""Loyalty: programmes, redemptions, goods that members may buy before others

Revises: 0024
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        'loyalty_programme',
        sa.Column('seq', BIG, nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('set_by', sa.String(), nullable=False),
        sa.Column('set_at', AT(), nullable=False),
        sa.PrimaryKeyConstraint('seq'),
    )
    op.create_index('ix_loyalty_programme_shop_id', 'loyalty_programme', ['shop_id'])
    op.create_table(
        'loyalty_redemption',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('reward_id', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('points', sa.BigInteger(), nullable=False),
        sa.Column('worth_minor', sa.BigInteger(), nullable=False),
        sa.Column('redeemed_at', AT(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id', 'id'),
    )
    op.create_index('ix_loyalty_redemption_person_id', 'loyalty_redemption', ['person_id'])
    op.create_table(
        'credit_use',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('plan_id', sa.String(), nullable=False),
        sa.Column('offer_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('use_no', sa.Integer(), nullable=False),
        sa.Column('request_id', sa.String(), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.Column('used_at', AT(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id', 'plan_id', 'offer_id', 'person_id', 'use_no'),
    )
    op.create_index('ix_credit_use_person_id', 'credit_use', ['person_id'])
    op.create_index('ix_credit_use_request_id', 'credit_use', ['request_id'])
    op.create_table(
        'loyalty_birthday',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('given_on', sa.Date(), nullable=False),
        sa.Column('gives', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id', 'person_id', 'year'),
    )
    op.create_table(
        'member_invitation',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('order_fact_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('shown_at', AT(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id', 'order_fact_id'),
    )
    op.create_index('ix_member_invitation_person_id', 'member_invitation', ['person_id'])
    op.create_table(
        'early_drop',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('sku', sa.String(), nullable=False),
        sa.Column('hours', sa.Integer(), nullable=False),
        sa.Column('public_on', sa.Date(), nullable=False),
        sa.Column('public_minute', sa.Integer(), nullable=False),
        sa.Column('n_total', sa.BigInteger(), nullable=False),
        sa.Column('n_taken', sa.BigInteger(), server_default='0', nullable=False),
        sa.CheckConstraint('n_taken <= n_total', name='early_drop_not_oversold'),
        sa.PrimaryKeyConstraint('shop_id', 'id'),
    )
    op.create_table(
        'early_claim',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('drop_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('claimed_at', AT(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id', 'drop_id', 'person_id'),
    )


def downgrade() -> None:
    for table in ('early_claim', 'early_drop', 'member_invitation', 'loyalty_birthday', 'credit_use', 'loyalty_redemption', 'loyalty_programme'):
        op.drop_table(table)
