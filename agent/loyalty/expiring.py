"""Whose points expire soon, page by page: a shop may have to warn more members than fit into one answer."""

from datetime import datetime

from memory.domain.base import Count, Frozen, Instant
from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork

from .account import shop_books
from .programme import programme_in_force


class Expiring(Frozen):
    """Points of one member that expire soon."""

    person_id: str
    """The pseudonym."""
    points: Count
    """How many, if none are redeemed."""
    first_at: Instant
    """When the first of them do."""


class ExpiringPage(Frozen):
    """Some of the members whose points expire soon."""

    n_all: Count
    """How many there are."""
    n_points: Count
    """Points of all of them that expire, if none are redeemed."""
    start: Count
    """How many come before the first of these."""
    members: tuple[Expiring, ...]
    """The earliest first."""


def who_loses(view: LakeView, uow: UnitOfWork, shop: Shop, as_of: datetime, start: int, n: int) -> ExpiringPage:
    """Give `n` of the members whose points expire within the programme's days of warning, from `start` on."""
    programme, terms = programme_in_force(uow, shop, as_of)
    soon = shop_books(view, uow, shop, terms, as_of).warned(as_of, programme.warn_days)
    found = soon.order_by("first_at", "person_id").to_pyarrow()
    members = tuple(Expiring.model_validate(row) for row in found.slice(start, n).to_pylist())
    n_points = sum(found["points"].to_pylist())
    return ExpiringPage(n_all=found.num_rows, n_points=n_points, start=start, members=members)
