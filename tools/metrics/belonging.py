"""Who recommends: people of a community or ambassadors beside people like them, or beside who was withheld (S1-33)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.experiment import Interval
from memory.domain.loyalty import TierRule
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.loyalty import standings
from tools.profile.purchases import valid_orders

from .advocacy import shares
from .interval import Z95, too_few, wilson

NOT_CAUSAL = "matched, not an effect: who joins may have recommended more anyway"
"""Said beside every matched difference."""
RANDOMISED = "measured: invited people less those drawn at random not to be invited, whether they joined or not"
"""Said beside a difference that a draw made."""
MANY_ORDERS = 5
"""From so many orders on people count as alike."""


class ReferralDifference(Frozen):
    """Shares of people who recommended the shop to somebody in a window, and their difference."""

    kind: Literal["randomised", "matched"]
    """What the others are: drawn at random, or people like them."""
    label: str
    """What the difference is."""
    n: Count
    """People of the group that are compared."""
    n_others: Count
    """The others."""
    n_left_out: Count
    """People of the group that nobody is like; they are in no figure."""
    rate: Rate
    """Share of the group that recommended."""
    others_rate: Rate
    """The others', weighted as the group is made up where they are matched."""
    difference_pp: Interval
    """The difference in points, with its interval."""
    window_begins_at: Instant
    """From when recommendations count."""
    window_ends_at: Instant
    """Until when."""


def matched_difference(
    view: LakeView,
    shop: Shop,
    joined: ir.Table,
    rule: TierRule | None,
    period: tuple[datetime, datetime],
    within_days: int,
    as_of: datetime,
) -> ReferralDifference | NotEstimable:
    """Compare who joined in a period with people like them who had not joined by its end.

    `joined` gives person_id and joined_at (the first time). Alike are people of one month of first order, one tier and
    one number of orders, all before the period begins: what joining may have changed is not matched on. Both sides are
    read in the same `within_days` after the period.
    """
    begins_at, ends_at = period
    window = (ends_at, ends_at + timedelta(days=within_days))
    if as_of < window[1]:
        return NotEstimable(code="window_open", message=f"Recommendations count until {window[1]:%Y-%m-%d}.")
    people = _before(view, shop, rule, begins_at)
    told = joined.select("joined_at", joiner_id="person_id")
    people = people.left_join(told, people.person_id == told.joiner_id)
    is_new = (people.joined_at >= ibis.literal(begins_at)) & (people.joined_at < ibis.literal(ends_at))
    people = people.mutate(is_in=people.joined_at.notnull() & is_new)
    others = people.joined_at.isnull() | (people.joined_at >= ibis.literal(ends_at))
    rows = _told(view, shop, people.filter(people.is_in | others), window)
    sums = rows.group_by("month", "tier_no", "n_orders").agg(
        n=rows.count(where=rows.is_in), hits=rows.count(where=rows.is_in & rows.has_told),
        n_others=rows.count(where=~rows.is_in), others_hits=rows.count(where=~rows.is_in & rows.has_told),
    )  # fmt: skip
    return _stratified(sums.filter(sums.n > 0).to_pyarrow().to_pylist(), window)


def randomised_difference(
    view: LakeView, shop: Shop, arms: pa.Table, window: tuple[datetime, datetime], as_of: datetime
) -> ReferralDifference | NotEstimable:
    """Compare everybody who may be invited with everybody who was withheld at random, by their arms (person_id, arm).

    Whoever has several arms, as records that are one person now may have, is in neither.
    """
    if as_of < window[1]:
        return NotEstimable(code="window_open", message=f"Recommendations count until {window[1]:%Y-%m-%d}.")
    drawn = view.present(view.memory_table("belonging_arms", arms.select(["person_id", "arm"])))
    people = drawn.group_by("person_id").agg(n_arms=drawn.arm.nunique(), is_in=(drawn.arm == "treated").any())
    rows = _told(view, shop, people.filter(people.n_arms == 1), window)
    sums = rows.group_by("is_in").agg(n=rows.count(), hits=rows.count(where=rows.has_told))
    found = {row["is_in"]: (row["hits"], row["n"]) for row in sums.to_pyarrow().to_pylist()}
    (hits, n), (others_hits, n_others) = found.get(True, (0, 0)), found.get(False, (0, 0))
    few = too_few(n, "invited people") or too_few(n_others, "withheld people")
    if few is not None:
        return few
    one, other = wilson(hits, n), wilson(others_hits, n_others)
    middle = one.estimate - other.estimate
    below = sqrt((one.estimate - one.low) ** 2 + (other.high - other.estimate) ** 2)
    above = sqrt((one.high - one.estimate) ** 2 + (other.estimate - other.low) ** 2)
    interval = _points(middle, middle - below, middle + above, "Newcombe 1998, hybrid score")
    return ReferralDifference(
        kind="randomised", label=RANDOMISED, n=n, n_others=n_others, n_left_out=0, rate=one.estimate,
        others_rate=other.estimate, difference_pp=interval, window_begins_at=window[0], window_ends_at=window[1],
    )  # fmt: skip


def _before(view: LakeView, shop: Shop, rule: TierRule | None, begins_at: datetime) -> ir.Table:
    """Give buyers as they stood before the period: person_id, month, n_orders, tier_no (-1 for no member)."""
    orders = valid_orders(view, begins_at)
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.event_at < ibis.literal(begins_at))
    people = orders.group_by("person_id").agg(first_at=orders.event_at.min(), n=orders.count())
    people = people.select(
        "person_id", month=people.first_at.strftime("%Y-%m"), n_orders=ibis.least(people.n, MANY_ORDERS)
    )
    if rule is None:
        return people.mutate(tier_no=ibis.literal(-1, "int64"))
    stands = standings(view, shop, rule, begins_at).select("tier_no", holder_id="person_id")
    known = people.left_join(stands, people.person_id == stands.holder_id)
    return known.mutate(tier_no=ibis.coalesce(known.tier_no, -1).cast("int64")).drop("holder_id")


def _told(view: LakeView, shop: Shop, people: ir.Table, window: tuple[datetime, datetime]) -> ir.Table:
    """Add whether each recommended the shop to somebody in the window."""
    told = shares(view, shop, *window).select(teller_id="person_id")
    joined = people.left_join(told, people.person_id == told.teller_id)
    return joined.mutate(has_told=joined.teller_id.notnull()).drop("teller_id")


def _stratified(
    strata: Sequence[dict[str, Any]], window: tuple[datetime, datetime]
) -> ReferralDifference | NotEstimable:
    """Weight the others of each stratum as the group is made up; a variance is never nought, however few they are."""
    kept = [row for row in strata if row["n_others"]]
    n, n_others = sum(row["n"] for row in kept), sum(row["n_others"] for row in kept)
    few = too_few(n, "people of the group with others like them") or too_few(n_others, "others like them")
    if few is not None:
        return few
    rate = sum(row["hits"] for row in kept) / n
    others_rate = sum(row["n"] * row["others_hits"] / row["n_others"] for row in kept) / n
    variance = sum(
        (row["n"] / n) ** 2 * (_variance(row["hits"], row["n"]) + _variance(row["others_hits"], row["n_others"]))
        for row in kept
    )
    middle, half = rate - others_rate, Z95 * sqrt(variance)
    interval = _points(middle, middle - half, middle + half, "post-stratified, normal, half a hit added per stratum")
    return ReferralDifference(
        kind="matched", label=NOT_CAUSAL, n=n, n_others=n_others, n_left_out=sum(row["n"] for row in strata) - n,
        rate=rate, others_rate=min(1.0, others_rate), difference_pp=interval, window_begins_at=window[0],
        window_ends_at=window[1],
    )  # fmt: skip


def _variance(hits: int, n: int) -> float:
    rate = (hits + 0.5) / (n + 1)
    return rate * (1 - rate) / n


def _points(estimate: float, low: float, high: float, method: str) -> Interval:
    return Interval(estimate=100 * estimate, low=100 * max(-1.0, low), high=100 * min(1.0, high), method=method)
