"""Who speaks for the shop: recommendations and good reviews per loyal and per ordinary customer (S1-05)."""

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .interval import mean, too_few
from .numbered import purchase_days

CLAIMED_MULTIPLE = 9.0
"""The seed article's claim that loyal customers recommend nine times as often; an assumption without a source."""
LOYAL_DAYS = 2
"""Days with a purchase before the period from which on a customer is loyal; ordinary ones have a single one."""
GOOD_STARS = 4
"""Stars from which on a review is good."""


class Voice(Frozen):
    """What customers of one group did for the shop in the period."""

    n_people: Count
    """Customers of the group."""
    n_shares: Count
    """Friends they recommended the shop to."""
    n_good_reviews: Count
    """Their reviews with at least four stars."""
    shares_each: Interval | NotEstimable
    """Recommendations per customer."""
    good_reviews_each: Interval | NotEstimable
    """Good reviews per customer."""


class Advocacy(Frozen):
    """Loyal customers beside ordinary ones; the groups chose themselves, so the multiple is no effect of loyalty."""

    loyal: Voice
    """Who had bought on at least two days before the period."""
    ordinary: Voice
    """Who had bought on one day before it."""
    share_multiple: float | None = None
    """Recommendations per loyal over per ordinary customer, of this shop; null where either cannot be told."""
    review_multiple: float | None = None
    """The same of good reviews."""
    claimed_multiple: float = CLAIMED_MULTIPLE
    """What is often claimed, an assumption without a source."""


def advocacy(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime) -> Advocacy:
    """Give what customers of before `begins_at` recommended and praised in [begins, ends), by group.

    Who is loyal is settled before the period, so that what they did in it doesn't make them so. Recommending oneself
    and reviews without stars don't count.
    """
    days = purchase_days(view, shop, begins_at)
    days = days.filter(days.first_at < ibis.literal(begins_at))
    people = days.group_by("person_id").agg(n_days=days.count())
    told, reviews = shares(view, shop, begins_at, ends_at), _reviews(view, shop, begins_at, ends_at)
    people = _with(_with(people, told, "n_shares"), reviews, "n_reviews")
    people = people.mutate(is_loyal=people.n_days >= LOYAL_DAYS)
    sums = people.group_by("is_loyal").agg(
        n=people.count(),
        shares=people.n_shares.sum(),
        shares_squared=(people.n_shares * people.n_shares).sum(),
        reviews=people.n_reviews.sum(),
        reviews_squared=(people.n_reviews * people.n_reviews).sum(),
    )
    rows = {row["is_loyal"]: row for row in sums.to_pyarrow().to_pylist()}
    loyal, ordinary = _voice(rows.get(True)), _voice(rows.get(False))
    return Advocacy(
        loyal=loyal,
        ordinary=ordinary,
        share_multiple=_multiple(loyal.shares_each, ordinary.shares_each),
        review_multiple=_multiple(loyal.good_reviews_each, ordinary.good_reviews_each),
    )


def shares(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime) -> ir.Table:
    """Give (person_id, n) of who recommended how many friends."""
    told, known = view.table("referrals"), view.raw("identities")
    told = told.filter(
        told.shop_id == shop.shop_id,
        told.event_at >= ibis.literal(begins_at),
        told.event_at < ibis.literal(ends_at),
    ).select("referrer_subject_id", friend_id="person_id")
    found = known.select("subject_id", referrer_id="person_id")
    joined = told.left_join(found, told.referrer_subject_id == found.subject_id)
    pairs = joined.select(
        "friend_id", person_id=ibis.coalesce(joined.referrer_id, joined.referrer_subject_id)
    ).distinct()
    return pairs.filter(pairs.person_id != pairs.friend_id).group_by("person_id").agg(n=ibis._.count())


def _reviews(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime) -> ir.Table:
    """Give (person_id, n) of good reviews."""
    events = view.table("events")
    good = events.filter(
        events.shop_id == shop.shop_id,
        events.kind == "review",
        events.value >= GOOD_STARS,
        events.event_at >= ibis.literal(begins_at),
        events.event_at < ibis.literal(ends_at),
        events.person_id.notnull(),
    )
    return good.group_by("person_id").agg(n=good.count())


def _with(people: ir.Table, counted: ir.Table, name: str) -> ir.Table:
    joined = people.left_join(counted.rename(of="person_id"), people.person_id == counted.person_id)
    return joined.mutate(**{name: ibis.coalesce(joined.n, 0).cast("int64")}).drop("of", "n")


def _voice(row: dict[str, Any] | None) -> Voice:
    if row is None:
        row = {"n": 0, "shares": 0, "shares_squared": 0, "reviews": 0, "reviews_squared": 0}
    n, few = row["n"], too_few(row["n"], "customers of this group")
    return Voice(
        n_people=n,
        n_shares=row["shares"],
        n_good_reviews=row["reviews"],
        shares_each=few or mean(n, row["shares"], row["shares_squared"]),
        good_reviews_each=few or mean(n, row["reviews"], row["reviews_squared"]),
    )


def _multiple(loyal: Interval | NotEstimable, ordinary: Interval | NotEstimable) -> float | None:
    if isinstance(loyal, NotEstimable) or isinstance(ordinary, NotEstimable) or not ordinary.estimate:
        return None
    return loyal.estimate / ordinary.estimate
