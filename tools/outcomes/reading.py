"""Both arms of an experiment from a few grouped scans, by intention to treat: whoever was assigned counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.experiment import Arm, ArmSums
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.experiments.arms import ArmMean
from tools.experiments.moments import Moments, from_sums, merged, moment_sums

from .people import COVARIATES, assigned, bought, people_outcomes
from .window import ArmKey, Ask

ARMS: tuple[Arm, ...] = ("treated", "control")
COLUMNS = ("bought", "revenue", "margin", "cost", "orders", *COVARIATES)
"""Columns of the moments of every arm."""


class Horizon(NamedTuple):
    """Revenue and margin per person up to a day, per arm."""

    revenue: tuple[ArmMean, ArmMean]
    """Treated and control, in minor units."""
    margin: tuple[ArmMean, ArmMean] | None
    """The same of margin before incentives; None where the cost of an article sold is unknown."""


class Outcomes(NamedTuple):
    """What a reading found."""

    sums: dict[ArmKey, ArmSums]
    """Per cohort and arm, and per arm over all cohorts under the cohort ''."""
    moments: dict[ArmKey, Moments]
    """The same as moments of `COLUMNS`; margin is before incentives, cost is sends and incentives."""
    first_days: pa.Table
    """arm, day, n: people whose first further order fell on that day of the window."""
    money_days: pa.Table
    """arm, day, margin_minor, incentive_minor: sums over the orders of that day."""
    used: dict[tuple[Arm, str], tuple[int, int]]
    """(arm, offer) to how often orders show its use and what that cost."""
    horizons: dict[int, Horizon]
    """Per day asked for that is over."""
    n_both_arms: int
    """People with records in both arms; they count as withheld."""


def outcomes(view: LakeView, shop: Shop, members: ir.Table, ask: Ask) -> Outcomes:
    """Read what `members` (person_id, cohort, arm) did; orders count from `starts_at` on.

    Margin is null where the cost of any article sold is unknown. Raise `MissingRate` where a currency has no rate.
    """
    ask = _reached(ask)
    people = view.once("assigned", lambda: assigned(view, members))
    orders = view.once("bought", lambda: bought(view, shop, people, ask))
    rows = view.once("outcomes", lambda: people_outcomes(view, shop, people, orders, ask))
    grouped = moment_sums(rows, ("cohort", "arm"), COLUMNS).to_pyarrow().to_pylist()
    unknown = _unknown(rows, "n_without_cost")
    moments = _moments(grouped)
    both = rows.filter(rows.n_arms > 1).count().to_pyarrow().as_py()
    return Outcomes(
        sums={key: _sums(key.arm, one, unknown) for key, one in moments.items()},
        moments=moments,
        first_days=_first_days(rows),
        money_days=_money_days(orders, people, ask),
        used=_used(orders, people, ask),
        horizons={days: _horizon(rows, days) for days in ask.horizons},
        n_both_arms=both,
    )


def _reached(ask: Ask) -> Ask:
    def is_over(days: int) -> bool:
        until: datetime = ask.window.starts_at + timedelta(days=days)
        return until <= ask.as_of

    horizons = tuple(days for days in ask.horizons if is_over(days))
    return replace(ask, horizons=horizons)


def _moments(rows: list[dict[str, Any]]) -> dict[ArmKey, Moments]:
    found: dict[ArmKey, Moments] = {}
    for arm in ARMS:
        parts = {str(row["cohort"]): from_sums(row, COLUMNS) for row in rows if row["arm"] == arm}
        whole = from_sums({"n": 1} | dict.fromkeys(_cells(), 0.0), COLUMNS)._replace(n=0)
        for part in parts.values():
            whole = merged(whole, part) if whole.n else part
        found[ArmKey("", arm)] = whole
        found |= {ArmKey(cohort, arm): part for cohort, part in parts.items()}
    return found


def _cells() -> list[str]:
    pairs = [f"sum_{left}_{right}" for index, left in enumerate(COLUMNS) for right in COLUMNS[index:]]
    return [f"sum_{name}" for name in COLUMNS] + pairs


def _unknown(rows: ir.Table, column: str) -> bool:
    return bool(rows[column].sum().to_pyarrow().as_py())


def _sums(arm: Arm, of: Moments, no_margin: bool) -> ArmSums:
    """Give an arm's sums back from its moments."""

    def total(name: str) -> float:
        return float(of.mean[COLUMNS.index(name)] * of.n)

    def product(left: str, right: str) -> float:
        i, j = COLUMNS.index(left), COLUMNS.index(right)
        return float(of.scatter[i, j] + of.n * of.mean[i] * of.mean[j])

    return ArmSums(
        arm=arm,
        n_people=of.n,
        n_repeat=round(total("bought")),
        n_orders=round(total("orders")),
        revenue_minor=round(total("revenue")),
        revenue_squared=product("revenue", "revenue"),
        orders_squared=product("orders", "orders"),
        revenue_orders=product("revenue", "orders"),
        margin_minor=None if no_margin else round(total("margin")),
        margin_squared=None if no_margin else product("margin", "margin"),
        cost_minor=round(total("cost")),
    )


def _first_days(rows: ir.Table) -> pa.Table:
    first = rows.filter(rows.first_day.notnull())
    return first.group_by("arm", day=first.first_day).agg(n=first.count()).order_by("arm", "day").to_pyarrow()


def _money_days(orders: ir.Table, people: ir.Table, ask: Ask) -> pa.Table:
    inside = orders.filter(orders.event_at < ask.window.ends_at).join(people, "person_id")
    sums = inside.group_by("arm", "day").agg(
        margin_minor=inside.margin_minor.sum().cast("float64"),
        incentive_minor=inside.incentive_minor.sum().cast("float64"),
    )
    return sums.order_by("arm", "day").to_pyarrow()


def _used(orders: ir.Table, people: ir.Table, ask: Ask) -> dict[tuple[Arm, str], tuple[int, int]]:
    inside = orders.filter(orders.event_at < ask.window.ends_at).join(people, "person_id")
    found: dict[tuple[Arm, str], tuple[int, int]] = {}
    for column in ("offer_id", "gift_offer"):
        some = inside.filter(inside[column].notnull())
        counted = some.group_by("arm", offer=some[column]).agg(n=some.count(), cost=some.incentive_minor.sum())
        found |= {(row["arm"], row["offer"]): (row["n"], int(row["cost"])) for row in counted.to_pyarrow().to_pylist()}
    return found


def _horizon(rows: ir.Table, days: int) -> Horizon:
    names = (f"revenue_{days}", f"margin_{days}")
    sums: Mapping[str, Any] = {"n": rows.count(), "buyers": (rows[names[0]] > 0).sum()}
    for name in names:
        sums = {**sums, name: rows[name].sum(), f"{name}_squared": (rows[name] * rows[name]).sum()}
    found = {row["arm"]: row for row in rows.group_by("arm").agg(**sums).to_pyarrow().to_pylist()}

    def mean(arm: Arm, name: str) -> ArmMean:
        row = found.get(arm)
        if row is None:
            return ArmMean(0, 0.0, 0.0, 0)
        return ArmMean.of_sums(row["n"], row[name], row[f"{name}_squared"], row["buyers"])

    revenue, margin = ((mean("treated", name), mean("control", name)) for name in names)
    return Horizon(revenue, None if _unknown(rows, f"unknown_{days}") else margin)
