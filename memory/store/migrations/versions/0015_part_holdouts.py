"""Treated people who are withheld from one journey or one step

Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'part_holdout',
        sa.Column('plan_id', sa.String(), nullable=False),
        sa.Column('part', sa.String(), nullable=False),
        sa.Column('part_id', sa.String(), nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('rate', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('plan_id', 'part', 'part_id'),
    )


def downgrade() -> None:
    op.drop_table('part_holdout')
