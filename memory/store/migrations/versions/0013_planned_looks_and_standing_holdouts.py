"""Planned looks of live plans, and people whom no plan messages

Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'planned_looks',
        sa.Column('plan_id', sa.String(), nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('days', sa.JSON(), nullable=False),
        sa.Column('alpha', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('plan_id'),
    )
    op.create_table(
        'standing_holdout',
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('core_rate', sa.Float(), nullable=False),
        sa.Column('rotating_rate', sa.Float(), nullable=False),
        sa.Column('period_days', sa.Integer(), nullable=False),
        sa.Column('started_on', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('shop_id'),
    )


def downgrade() -> None:
    op.drop_table('standing_holdout')
    op.drop_table('planned_looks')
