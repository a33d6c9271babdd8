"""Communities of markets, who was shown an invitation to one; challenges and what was handed in; ambassadors

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
    op.create_table(
        "challenge",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", AT(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )
    op.create_table(
        "challenge_submission",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("challenge_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("submitted_at", AT(), nullable=False),
        sa.Column("rights_source", sa.String(), nullable=False),
        sa.Column("rights_at", AT(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", AT(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )
    op.create_index("ix_challenge_submission_person", "challenge_submission", ["shop_id", "person_id"])
    op.create_table(
        "ambassador",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", AT(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", AT(), nullable=True),
        sa.Column("accepted_at", AT(), nullable=True),
        sa.Column("ended_at", AT(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "person_id"),
    )


def downgrade() -> None:
    op.drop_table("ambassador")
    op.drop_table("challenge_submission")
    op.drop_table("challenge")
    op.drop_table("community_invitation")
    op.drop_table("community")
