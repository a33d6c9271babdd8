"""What a plan needs to know about its four cohorts: sizes, reach, basket, expected repeat rate."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.cohort import Cohort, CohortId
from memory.domain.market import Shop
from memory.domain.segment import SegmentRule
from memory.lake.view import LakeView
from tools.profile import order_profiles
from tools.profile.people import PUSH_CHANNELS
from tools.profile.purchases import purchases, valid_orders

from .assign import assign_cohorts, label_cohorts
from .peak import Peak
from .rules import Thresholds, bfcm_rules

MIN_PEOPLE = 30
"""Below so many people a share of them is noise and no forecast."""


def cohort_facts(
    view: LakeView,
    shop: Shop,
    peak_from: date,
    peak_until: date,
    as_of: datetime,
    *,
    within_days: int = 90,
    thresholds: Thresholds | None = None,
    assigned: pa.Table | None = None,
) -> tuple[Cohort, ...]:
    """Give the four cohorts in order of precedence, empty ones included.

    Reach counts people with consent and no suppression as the facts say. The expected repeat rate is what the
    same cohort of the peak a year before did within `within_days` after that peak; none where that window is
    not closed at `as_of`, the orders do not cover it or do not reach back, or fewer than 30 people were in it.
    `assigned` is the materialised `assign_cohorts` where the caller has it.
    """
    peak = Peak(from_on=peak_from, until_on=peak_until)
    if assigned is None:
        assigned = assign_cohorts(view, shop, peak_from, peak_until, as_of, thresholds=thresholds).to_pyarrow()
    members = view.memory_table(f"assigned_{uuid4().hex}", assigned)
    sizes = _sizes(members)
    baskets = _median_baskets(members, purchases(view, shop, as_of), peak, shop.zone)
    repeat = expected_repeat(view, shop, peak.previous(), as_of, within_days=within_days, thresholds=thresholds)
    return tuple(
        _cohort(name, rule, sizes.get(name, {}), baskets.get(name, 0), repeat.get(name))
        for name, rule in bfcm_rules(peak, thresholds)
    )


def expected_repeat(
    view: LakeView,
    shop: Shop,
    peak: Peak,
    as_of: datetime,
    *,
    within_days: int = 90,
    thresholds: Thresholds | None = None,
) -> dict[str, float]:
    """Give per cohort of an earlier peak the share that ordered again within so many days after it.

    Cohorts without a trustworthy share are left out.
    """
    ends = peak.ends_at(shop.zone)
    window_ends = ends + timedelta(days=within_days)
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id)
    span = orders.aggregate(first=orders.event_at.min(), last=orders.event_at.max()).to_pyarrow().to_pylist()[0]
    if span["first"] is None or span["first"] >= peak.begins_at(shop.zone) or window_ends > min(as_of, span["last"]):
        return {}
    labelled = label_cohorts(order_profiles(view, shop, ends), view, shop, peak, ends, thresholds)
    members = view.memory_table(f"previous_{uuid4().hex}", labelled.select("person_id", "cohort").to_pyarrow())
    again = orders.filter(orders.event_at >= ends, orders.event_at < window_ends).select("person_id").distinct()
    flagged = members.mutate(is_back=members.person_id.isin(again.person_id).cast("int64"))
    rows = flagged.group_by("cohort").agg(n=flagged.count(), n_back=flagged.is_back.sum()).to_pyarrow().to_pylist()
    return {row["cohort"]: row["n_back"] / row["n"] for row in rows if row["n"] >= MIN_PEOPLE}


def _sizes(members: ir.Table) -> dict[str, dict[str, int]]:
    reach = [members[f"consent_{channel}"] for channel in PUSH_CHANNELS]
    counts = {channel: members.count(where=may) for channel, may in zip(PUSH_CHANNELS, reach, strict=True)}
    anyhow = members.count(where=reach[0] | reach[1] | reach[2])
    sums = members.group_by("cohort").agg(n=members.count(), n_reachable=anyhow, **counts)
    return {row.pop("cohort"): row for row in sums.to_pyarrow().to_pylist()}


def _median_baskets(members: ir.Table, orders: ir.Table, peak: Peak, zone: str) -> dict[str, int]:
    orders = orders.filter(orders.event_at >= peak.begins_at(zone), orders.event_at < peak.ends_at(zone))
    joined = orders.join(members.select("person_id", "cohort"), "person_id")
    medians = joined.group_by("cohort").agg(median=joined.net_minor.median()).to_pyarrow().to_pylist()
    return {row["cohort"]: round(row["median"]) for row in medians}


def _cohort(name: CohortId, rule: SegmentRule, sizes: dict[str, int], basket: int, repeat: float | None) -> Cohort:
    return Cohort(
        id=name,
        rule=rule,
        n_people=sizes.get("n", 0),
        n_reachable=sizes.get("n_reachable", 0),
        reachable_by_channel={channel: sizes.get(channel, 0) for channel in PUSH_CHANNELS},
        median_basket_minor=basket,
        expected_repeat_rate=repeat,
    )
