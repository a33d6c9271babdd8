"""What measured plans taught: one row per plan whose final lift was read

Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'plan_lessons',
        sa.Column('plan_id', sa.String(), nullable=False),
        sa.Column('shop_id', sa.String(), nullable=False),
        sa.Column('data_version', sa.BigInteger(), nullable=False),
        sa.Column('read_at', sa.BigInteger(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('plan_id'),
    )
    op.create_index('ix_plan_lessons_shop_id', 'plan_lessons', ['shop_id'])


def downgrade() -> None:
    op.drop_table('plan_lessons')
