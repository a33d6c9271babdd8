"""One use of store credit per request of a shop; a request that two holders made at once keeps a name of its own for each

Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
USE = sa.table(
    "credit_use", *(sa.column(name) for name in ("shop_id", "plan_id", "offer_id", "person_id", "use_no", "request_id"))
)


def upgrade() -> None:
    connection, named = op.get_bind(), set[tuple[str, str]]()
    key = (USE.c.shop_id, USE.c.plan_id, USE.c.offer_id, USE.c.person_id, USE.c.use_no)
    for row in connection.execute(sa.select(*key, USE.c.request_id).order_by(*key)).all():
        name = (row.shop_id, row.request_id)
        if name in named:
            other = f"{row.request_id}~{row.plan_id}~{row.offer_id}~{row.person_id}~{row.use_no}"
            mine = (column == value for column, value in zip(key, row, strict=False))
            connection.execute(sa.update(USE).where(*mine).values(request_id=other))
        named.add(name)
    op.drop_index("ix_credit_use_request_id", table_name="credit_use")
    op.create_index("ix_credit_use_request", "credit_use", ["shop_id", "request_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_credit_use_request", table_name="credit_use")
    op.create_index("ix_credit_use_request_id", "credit_use", ["request_id"])
