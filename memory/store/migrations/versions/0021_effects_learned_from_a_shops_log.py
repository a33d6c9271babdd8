"""What a shop's own log taught about single people: one row per shop

Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'shop_effects',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('data_version', sa.BigInteger(), nullable=False),
        sa.Column('learned_at', sa.BigInteger(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id'),
    )


def downgrade() -> None:
    op.drop_table('shop_effects')
