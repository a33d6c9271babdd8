"""Periods that an approver approved in advance, and which of them a request passed to a deputy for

Revises: 0031
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "pre_approval",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("starts_at", AT(), nullable=False),
        sa.Column("ends_at", AT(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pre_approval_shop_id", "pre_approval", ["shop_id"])
    with op.batch_alter_table("approval_pass") as table:
        table.add_column(sa.Column("period_id", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("approval_pass") as table:
        table.drop_column("period_id")
    op.drop_index("ix_pre_approval_shop_id", "pre_approval")
    op.drop_table("pre_approval")
