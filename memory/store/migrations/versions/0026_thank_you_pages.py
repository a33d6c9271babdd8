"""Thank-you pages: settings, orders with their codes, clicks, and goods prepared for a look-up by article

Revises: 0025
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "thanks_setting",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", AT(), nullable=False),
        sa.Column("prepared_at", AT(), nullable=True),
        sa.Column("begun_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id"),
    )
    op.create_table(
        "thanks_order",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("skus", sa.JSON(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("opened_at", AT(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("code_expires_at", AT(), nullable=True),
        sa.Column("code_off_minor", sa.BigInteger(), nullable=True),
        sa.Column("code_min_minor", sa.BigInteger(), nullable=True),
        sa.Column("code_currency", sa.String(), nullable=True),
        sa.Column("code_used_by", sa.String(), nullable=True),
        sa.Column("code_used_at", AT(), nullable=True),
        sa.Column("code_refused", sa.String(), nullable=True),
        sa.Column("share_code", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "order_ref"),
    )
    op.create_index("ix_thanks_order_person", "thanks_order", ["shop_id", "person_id"])
    op.create_index("ix_thanks_order_code", "thanks_order", ["shop_id", "code"], unique=True)
    op.create_index("ix_thanks_order_share", "thanks_order", ["shop_id", "share_code"])
    op.create_table(
        "thanks_click",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "order_ref", "target"),
    )
    op.create_index("ix_thanks_click_person", "thanks_click", ["shop_id", "person_id"])
    op.create_table(
        "thanks_goods",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("image_url", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "sku"),
    )
    op.create_table(
        "thanks_pair",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("n_together", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "anchor", "place"),
    )


def downgrade() -> None:
    for table in ("thanks_pair", "thanks_goods", "thanks_click", "thanks_order", "thanks_setting"):
        op.drop_table(table)
