"""Codes of offers: sources, imported codes, grants, discounts at shops, and alarms about redemptions

Revises: 0029
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
AT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "code_source",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id"),
    )
    op.create_table(
        "code_pool",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("code_key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("grant_id", sa.String(), nullable=False, server_default=""),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "code_key"),
    )
    op.create_index("ix_code_pool_free", "code_pool", ["shop_id", "terms", "grant_id"])
    op.create_table(
        "code_grant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("code_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reserved_at", AT(), nullable=False),
        sa.Column("asked_at", AT(), nullable=True),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("settled_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_code_grant_code", "code_grant", ["shop_id", "code_key"], unique=True)
    op.create_index("ix_code_grant_offer", "code_grant", ["shop_id", "plan_id", "offer_id", "state"])
    op.create_index("ix_code_grant_person", "code_grant", ["person_id"])
    op.create_table(
        "code_discount",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("first_code", sa.String(), nullable=False),
        sa.Column("node_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "plan_id", "offer_id"),
    )
    op.create_table(
        "code_alarm",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at_stake_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("raised_at", AT(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "plan_id", "offer_id", "kind"),
    )


def downgrade() -> None:
    for table in ("code_alarm", "code_discount", "code_grant", "code_pool", "code_source"):
        op.drop_table(table)
