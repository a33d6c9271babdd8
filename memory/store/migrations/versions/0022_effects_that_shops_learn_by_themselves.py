"""When a shop last began to learn its effects by itself: one row per shop, so that one worker does it once a day

Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'effects_begun',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('begun_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id'),
    )


def downgrade() -> None:
    op.drop_table('effects_begun')
