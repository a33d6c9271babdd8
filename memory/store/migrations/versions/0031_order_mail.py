"""Mails about orders and parcels, who sends the transactional steps; slips of lanes; first touches

Revises: 0030
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0031"
down_revision = "0030"
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
    op.create_table(
        "lane_slip",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("market", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("found_at", AT(), nullable=False),
        sa.Column("from_at", AT(), nullable=False),
        sa.Column("n_judged", sa.Integer(), nullable=False),
        sa.Column("n_late", sa.Integer(), nullable=False),
        sa.Column("usual_late_rate", sa.Float(), nullable=False),
        sa.Column("p90_days", sa.Float(), nullable=False),
        sa.Column("ended_at", AT(), nullable=True),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lane_slip_open", "lane_slip", ["shop_id", "ended_at"])
    op.create_table(
        "slip_parcel",
        sa.Column("slip_id", sa.String(), nullable=False),
        sa.Column("order_fact_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("slip_id", "order_fact_id"),
    )
    op.create_index("ix_slip_parcel_person", "slip_parcel", ["person_id", "left_at"])
    op.create_table(
        "slip_hold",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("message_kind", sa.String(), nullable=False),
        sa.Column("message_class", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "step_id", "person_id"),
    )
    op.create_index("ix_slip_hold_shop_id", "slip_hold", ["shop_id"])
    op.create_table(
        "first_touch",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("order_fact_id", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("shop_id", "order_fact_id"),
    )
    op.create_index("ix_first_touch_order", "first_touch", ["shop_id", "ordered_at"])
    op.create_index("ix_first_touch_person_id", "first_touch", ["person_id"])


def downgrade() -> None:
    op.drop_table("first_touch")
    op.drop_table("slip_hold")
    op.drop_table("slip_parcel")
    op.drop_table("lane_slip")
    op.drop_table("order_mail")
    op.drop_table("order_mail_setting")
