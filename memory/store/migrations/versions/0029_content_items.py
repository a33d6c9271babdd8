"""The shop's content library

Revises: 0028
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "content_item",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", AT(), nullable=False),
        sa.Column("ended_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )


def downgrade() -> None:
    op.drop_table("content_item")
