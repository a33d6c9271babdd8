"""Mails about orders and parcels, and who sends the transactional steps

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
        "order_mail_setting",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("since", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id"),
    )
    op.create_table(
        "order_mail",
        sa.Column("send_key", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=False),
        sa.Column("order_fact_id", sa.String(), nullable=False),
        sa.Column("parcel_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("tracking_url", sa.String(), nullable=False),
        sa.Column("slip_id", sa.String(), nullable=False),
        sa.Column("event_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.Column("send_at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_kind", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("first_claimed_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("started_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("finished_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("send_key"),
    )
    op.create_index("order_mail_due", "order_mail", ["shop_id", "state", "send_at"])
    op.create_index("order_mail_person", "order_mail", ["person_id"])
    op.create_index("order_mail_subject", "order_mail", ["subject_id"])
    op.create_index("order_mail_slip", "order_mail", ["slip_id"])


def downgrade() -> None:
    op.drop_table("order_mail")
    op.drop_table("order_mail_setting")
