"""Communities of markets, and who was shown an invitation to one

Revises: 0027
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "community",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("open_market", sa.String(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", AT(), nullable=False),
        sa.Column("ended_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )
    op.create_index("ix_community_open", "community", ["shop_id", "open_market"], unique=True)
    op.create_table(
        "community_invitation",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("shown_at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "community_id", "person_id"),
    )


def downgrade() -> None:
    op.drop_table("community_invitation")
    op.drop_table("community")
