"""When a shop last began to learn its effects by itself, so that one worker does it once a day; trees beside tables

Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('shop_effects', sa.Column('trees', sa.Text(), nullable=False, server_default=''))
    op.create_table(
        'effects_begun',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('begun_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id'),
    )


def downgrade() -> None:
    op.drop_table('effects_begun')
    op.drop_column('shop_effects', 'trees')
