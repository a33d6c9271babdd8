"""What the page changed: variants against a plain page, by people's first page, whatever they clicked (S1-13).

Assignment is by keyed hash (`opening.arm_of`): the arms differ in nothing but the page. Everybody whose window is over
counts in the arm of their first page, whether they saw it or not (intention to treat). With several variants each
interval has the level at which all of them, and those between two variants, hold together in 95 of 100 reports
(Bonferroni). So is a recommendation measured against a list of bestsellers, beside a held-out plain page (S1-29).
"""

from datetime import datetime, timedelta
from itertools import combinations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.base import Count, Frozen, Instant
from memory.domain.experiment import Estimate, Interval, SampleRatio
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.domain.thanks import OFF, PLAIN, WITHHELD
from memory.lake.view import LakeView
from tools.experiments import sample_ratio
from tools.experiments.intervals import scaled, share_difference, wilson
from tools.profile.purchases import valid_orders

ALPHA = 0.05
FIGURES = ("n_second", "n_follows", "n_leads")
POINTS = {"second_order_pp": "n_second", "follows_pp": "n_follows", "leads_pp": "n_leads"}


class ArmRead(Frozen):
    """One arm."""

    arm: str
    """A variant, or `plain`."""
    n_people: Count
    """People whose first page was of this arm and whose window is over."""
    n_second: Count
    """Of them, people with a further order in their window."""
    n_follows: Count
    """People who followed a link to an account of the shop within their window."""
    n_leads: Count
    """People whose recommendation brought a friend within their window."""
    second_rate: Interval
    """Share with a further order."""


class VariantRead(Frozen):
    """One variant less the plain page, in percentage points of people."""

    variant: str
    """Which; empty for all variants together."""
    second_order_pp: Estimate
    """Incremental second-order rate."""
    follows_pp: Estimate
    """Incremental share that followed a link to an account; a plain page has none."""
    leads_pp: Estimate
    """Incremental share that brought a friend."""


class PairRead(Frozen):
    """One variant less another, in percentage points of people."""

    first: str
    """Which."""
    second: str
    """Less which."""
    second_order_pp: Estimate
    """Difference of the second-order rates."""
    follows_pp: Estimate
    """Difference of the shares that followed a link to an account."""
    leads_pp: Estimate
    """Difference of the shares that brought a friend."""


class ThanksEffect(Frozen):
    """The page's effect as of an instant."""

    as_of: Instant
    """When facts were read."""
    measured_days: Count
    """How long a second order, a follow or a friend counts after the page."""
    n_open: Count
    """People whose window is not over; they do not count yet."""
    arms: tuple[ArmRead, ...]
    """Each arm."""
    against_plain: tuple[VariantRead, ...]
    """All variants together, then each."""
    between: tuple[PairRead, ...]
    """Every two variants."""
    sample_ratio: SampleRatio
    """Whether the plain arm has the size the settings promise."""


def thanks_effect(
    view: LakeView, shop: Shop, pages: pa.Table, clicks: pa.Table, plain_rate: float, days: int, as_of: datetime
) -> ThanksEffect:
    """Read the effect; `pages` is `PAGES_SCHEMA`, `clicks` is `CLICKS_SCHEMA`."""
    first = _first_pages(view, pages)
    over = first.filter(first.opened_at <= ibis.literal(as_of - timedelta(days=days)))
    n_open = int(first.count().to_pyarrow().as_py()) - int(over.count().to_pyarrow().as_py())
    rows = _counted(view, shop, over, clicks, timedelta(days=days), as_of).to_pyarrow().to_pylist()
    arms = {row["arm"]: row for row in sorted(rows, key=lambda row: (row["arm"] == PLAIN, row["arm"]))}
    plain = arms.get(PLAIN)
    variants = [row for name, row in arms.items() if name != PLAIN]
    all_of_them = {name: sum(row[name] for row in variants) for name in ("n_people", *FIGURES)}
    pairs = list(combinations(variants, 2))
    level = 1 - ALPHA / max(len(variants) + len(pairs), 1)
    return ThanksEffect(
        as_of=as_of,
        measured_days=days,
        n_open=n_open,
        arms=tuple(ArmRead(**row, second_rate=wilson(row["n_second"], row["n_people"])) for row in arms.values()),
        against_plain=(
            _read("", all_of_them, plain, 1 - ALPHA),
            *(_read(row["arm"], row, plain, level) for row in variants if len(variants) > 1),
        ),
        between=tuple(
            PairRead(first=one["arm"], second=other["arm"], **_points(one, other, level)) for one, other in pairs
        ),
        sample_ratio=sample_ratio(all_of_them["n_people"], plain["n_people"] if plain else 0, plain_rate),
    )


def _first_pages(view: LakeView, pages: pa.Table) -> ir.Table:
    """Give each person's first page, people as they are known now.

    No part take those whom the shop withholds from all, and orders made while the page was off.
    """
    known = view.present(view.memory_table("thanks_pages", pages))
    known = known.filter(known.arm.notin((WITHHELD, OFF)))
    order = ibis.window(group_by=known.person_id, order_by=[known.opened_at, known.order_ref])
    placed = known.mutate(place=ibis.row_number().over(order))
    return placed.filter(placed.place == 0).drop("place")


def _counted(
    view: LakeView, shop: Shop, first: ir.Table, clicks: pa.Table, window: timedelta, as_of: datetime
) -> ir.Table:
    """Give (arm, n_people, n_second, n_follows, n_leads)."""
    seconds = ibis.literal(int(window.total_seconds()), "int64")
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id).select(
        buyer="person_id", bought_at="event_at", bought="order_ref"
    )
    again = first.inner_join(orders, first.person_id == orders.buyer)
    again = again.filter(again.bought != again.order_ref, *_within(again, again.bought_at, seconds))
    people = view.raw("identities").select(merged="subject_id", merged_person="person_id")
    told = view.table("referrals")
    told = told.filter(told.shop_id == shop.shop_id).select("referrer_subject_id", came_at="event_at")
    told = told.left_join(people, told.referrer_subject_id == people.merged)
    told = told.select("came_at", referrer=ibis.coalesce(told.merged_person, told.referrer_subject_id))
    led = first.inner_join(told, first.person_id == told.referrer)
    led = led.filter(*_within(led, led.came_at, seconds))
    seen = view.present(view.memory_table("thanks_clicks", clicks))
    seen = seen.filter(seen.target.startswith("social:")).select("clicked_at", follower="person_id")
    follows = first.inner_join(seen, first.person_id == seen.follower)
    follows = follows.filter(*_within(follows, follows.clicked_at, seconds, and_at_once=True))
    marked = first
    for name, found in (("n_second", again), ("n_leads", led), ("n_follows", follows)):
        who = found.select(**{f"{name}_id": found.person_id}).distinct()
        marked = marked.left_join(who, marked.person_id == who[f"{name}_id"])
    sums = {name: marked[f"{name}_id"].count().cast("int64") for name in FIGURES}
    return marked.group_by("arm").agg(n_people=marked.count().cast("int64"), **sums)


def _within(
    rows: ir.Table, at: ir.Value, seconds: ir.Value, *, and_at_once: bool = False
) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    passed = at.epoch_seconds() - rows.opened_at.epoch_seconds()
    return (at >= rows.opened_at if and_at_once else at > rows.opened_at), passed <= seconds


def _read(variant: str, row: dict[str, int], plain: dict[str, int] | None, level: float) -> VariantRead:
    return VariantRead(variant=variant, **_points(row, plain, level))


def _points(row: dict[str, int], other: dict[str, int] | None, level: float) -> dict[str, Estimate]:
    return {name: _difference(row, other, figure, level) for name, figure in POINTS.items()}


def _difference(row: dict[str, int], other: dict[str, int] | None, figure: str, level: float) -> Estimate:
    if other is None or not other["n_people"] or not row["n_people"]:
        message = "One arm is empty, so nothing can be compared; set plain_rate and wait until windows are over."
        return NotEstimable(code="no_control_group", message=message)
    found = share_difference(row[figure], row["n_people"], other[figure], other["n_people"], level)
    return scaled(found, 100)
