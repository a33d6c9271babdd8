"""Rotating holdouts are named after the first day of their period, whose draw stays

Revises: 0013
"""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

HOLDOUT = sa.table(
    'standing_holdout', sa.column('shop_id'), sa.column('period_days'), sa.column('started_on')
)
ASSIGNMENT = sa.table('assignment', sa.column('shop_id'), sa.column('experiment_id'))


def upgrade() -> None:
    for shop_id, days, start, name in _named():
        if name.isdigit():
            _rename(shop_id, name, (start + timedelta(days=int(name) * days)).isoformat())


def downgrade() -> None:
    for shop_id, days, start, name in _named():
        if name.count('-') == 2 and (past := (date.fromisoformat(name) - start).days) >= 0:
            _rename(shop_id, name, str(past // days))


def _named() -> Iterator[tuple[str, int, date, str]]:
    """Give (shop, days of a period, first day, name of an experiment without its prefix)."""
    bind = op.get_bind()
    for shop_id, days, start in bind.execute(sa.select(HOLDOUT)).all():
        of_shop = (ASSIGNMENT.c.shop_id == shop_id, ASSIGNMENT.c.experiment_id.like('standing.%'))
        names = bind.execute(sa.select(ASSIGNMENT.c.experiment_id).where(*of_shop).distinct()).scalars().all()
        for name in names:
            yield shop_id, days, date.fromisoformat(start), name.removeprefix('standing.')


def _rename(shop_id: str, before: str, after: str) -> None:
    of = (ASSIGNMENT.c.shop_id == shop_id, ASSIGNMENT.c.experiment_id == f'standing.{before}')
    op.execute(sa.update(ASSIGNMENT).where(*of).values(experiment_id=f'standing.{after}'))
