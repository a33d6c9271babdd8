"""Targets of messages: which share is hoped to be opened, clicked or followed by an order

Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'message_target',
        sa.Column('plan_id', sa.String(), nullable=False),
        sa.Column('message', sa.String(), nullable=False),
        sa.Column('metric', sa.String(), nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('rate', sa.Float(), nullable=False),
        sa.Column('set_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('plan_id', 'message', 'metric'),
    )


def downgrade() -> None:
    op.drop_table('message_target')
