"""A part's orders and margin in both arms, and the tests of all parts corrected together."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.experiment import Arm, ArmSums, Estimate
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.experiments.arms import ArmMean, repeats
from tools.experiments.corrected import corrected
from tools.experiments.daily import progress
from tools.experiments.gate import refusal
from tools.experiments.intervals import Mean, mean_difference, mean_interval
from tools.experiments.orders import added_orders
from tools.experiments.widen import at_any_look
from tools.outcomes.reading import ARMS
from tools.outcomes.window import OutcomeWindow

from .lift_model import PartLift
from .lift_readings import NO_COSTS, Clock

NOBODY = NotEstimable(code="no_control_group", message="One arm is empty, so nothing can be compared.")

Pair = tuple[ArmMean, ArmMean]


class PartMoney(NamedTuple):
    """What one arm of a part did and cost."""

    orders: ArmSums
    """Orders in the part's window."""
    net: ArmMean | None
    """Margin less sends and incentives, minor units per person; None where the cost of an article sold is unknown."""


class Money(NamedTuple):
    """Margin per person as it may be read now."""

    treated: Estimate
    """Of those not withheld."""
    withheld: Estimate
    """Of those withheld."""
    difference: Estimate
    """The former less the latter."""


class Tested(NamedTuple):
    """One part's reading with what its tests need; None where a figure cannot be read."""

    lift: PartLift
    """The reading."""
    buyers: Pair | None
    """Who ordered, in both arms."""
    net: Pair | None
    """Margin after cost, in both arms."""


def spent_people(view: LakeView, spent: pa.Table) -> ir.Table:
    """Give (spent_id, spent_minor): what each present person cost besides what their orders show."""
    now = view.present(view.memory_table("part_spent", spent))
    return now.group_by(spent_id=now.person_id).agg(spent_minor=now.spent_minor.sum())


def part_money(arms: ir.Table, orders: ir.Table, spent: ir.Table, window: OutcomeWindow) -> dict[Arm, PartMoney]:
    """Add up both arms in one scan; an arm without people is not in the answer.

    Sends count from the plan's start. Those before the part is due are alike in both arms.
    """
    starts, ends = ibis.literal(window.starts_at), ibis.literal(window.ends_at)
    inside = orders.filter(orders.event_at >= starts, orders.event_at < ends)
    done = inside.group_by(buyer_id=inside.person_id).agg(
        n_orders=inside.count(),
        left_minor=(inside.margin_minor - inside.incentive_minor).sum(),
        n_unknown=inside.n_without_cost.sum(),
    )
    rows = arms.left_join(done, arms.person_id == done.buyer_id)
    rows = rows.left_join(spent, rows.person_id == spent.spent_id)
    n = ibis.coalesce(rows.n_orders, 0)
    net = ibis.coalesce(rows.left_minor, 0).cast("float64") - ibis.coalesce(rows.spent_minor, 0.0)
    sums = rows.group_by("arm").agg(
        n_people=rows.count(),
        n_repeat=(n > 0).sum(),
        n_orders=n.sum(),
        orders_squared=(n * n).sum().cast("float64"),
        net=net.sum(),
        net_squared=(net * net).sum(),
        n_unknown=ibis.coalesce(rows.n_unknown, 0).sum(),
    )
    return {row["arm"]: _of(row) for row in sums.to_pyarrow().to_pylist()}


def _of(row: Mapping[str, float]) -> PartMoney:
    counts = {name: row[name] for name in ("arm", "n_people", "n_repeat", "n_orders", "orders_squared")}
    orders = ArmSums.model_validate({**counts, "revenue_minor": 0, "revenue_squared": 0.0})
    net = ArmMean.of_sums(orders.n_people, row["net"], row["net_squared"], orders.n_repeat)
    return PartMoney(orders, None if row["n_unknown"] else net)


def orders_added(found: Mapping[Arm, PartMoney]) -> Estimate:
    """Give added orders per person, by one look."""
    if len(found) < len(ARMS):
        return NOBODY
    return added_orders(found["treated"].orders, found["control"].orders)


def net_pair(found: Mapping[Arm, PartMoney]) -> Pair | NotEstimable:
    """Give margin after cost per person in both arms, or why it cannot be read."""
    if len(found) < len(ARMS):
        return NOBODY
    treated, withheld = found["treated"], found["control"]
    refused = refusal(repeats(treated.orders), repeats(withheld.orders))
    if refused is not None:
        return refused
    return NO_COSTS if treated.net is None or withheld.net is None else (treated.net, withheld.net)


def read_money(pair: Pair | NotEstimable, clock: Clock, buyers: Pair) -> Money:
    """Give the margin of both arms and their difference: of one look at the end, before it valid on any day."""
    if isinstance(pair, NotEstimable):
        return Money(pair, pair, pair)
    treated, withheld = (Mean.of(one.n_people, one.mean, one.variance / one.n_people) for one in pair)
    gap = mean_difference(treated, withheld)
    if not clock.is_final:
        gap = at_any_look(gap, progress(*buyers, clock.planned_rate))
    return Money(mean_interval(treated), mean_interval(withheld), gap)


def with_tests(parts: Sequence[Tested], alpha: float) -> tuple[PartLift, ...]:
    """Put the corrected tests beside each reading: shares and margins of all parts are one family."""
    figures = ("rpr_test", "net_margin_test")
    asked = [(at, figure, pair) for at, one in enumerate(parts)
             for figure, pair in zip(figures, (one.buyers, one.net), strict=True) if pair is not None]  # fmt: skip
    found: list[dict[str, object]] = [{} for _ in parts]
    for (at, figure, _), test in zip(asked, corrected([pair for *_, pair in asked], alpha), strict=True):
        found[at][figure] = test
    return tuple(one.lift.model_copy(update=update) for one, update in zip(parts, found, strict=True))
