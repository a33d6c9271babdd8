"""What a plan's forecast may be read as: its range, its worth in money, and whether anybody ever measured it."""

from datetime import date
from typing import Literal

from memory.domain.base import Frozen
from memory.domain.money import Money
from memory.domain.plan import Plan

from .dates import day_on
from .table_forecast import goes_by_tables

Basis = Literal["assumed", "measured", "learned"]
ASSUMED = "assumption:"
"""How the source of a forecast begins where nothing in it was measured."""


class Range(Frozen):
    """A figure with its 90 % range."""

    expected: float
    """What is expected."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""


class MoneyRange(Frozen):
    """A sum with its 90 % range, in the shop's currency."""

    expected: Money
    """What is expected."""
    low: Money
    """Lower end."""
    high: Money
    """Upper end."""


class Outlook(Frozen):
    """A forecast with what it rests on; what planners show instead of a bare figure."""

    basis: Basis
    """Assumed effects that nobody has measured in this shop, partly measured ones, or for every message learned from
    the shop's own controlled sends."""
    source: str
    """The label of the effects."""
    added_orders: Range
    """Added orders."""
    added_margin: MoneyRange | None
    """Added margin before the plan's cost, its range in proportion to that of the orders; null where costs of goods
    are unknown."""
    expected_cost: Money
    """What sends and incentives are expected to cost."""
    readable_on: date
    """When the goal's window ends: the control group then says what the plan brought."""
    detectable_lift_pp: float | None
    """The smallest lift the control group can show, in points."""
    words: dict[str, str]
    """The same in sentences (`en`, `zh`)."""


def outlook(plan: Plan) -> Outlook:
    """Read a plan's forecast with its range and its basis."""
    cast = plan.forecast
    basis: Basis = "assumed" if cast.source.startswith(ASSUMED) else "measured"
    by_tables = goes_by_tables(cast.source)
    if by_tables is not None and by_tables[0] == by_tables[1]:
        basis = "learned"
    margin = _margin(plan)
    found = Outlook(
        basis=basis,
        source=cast.source,
        added_orders=Range(expected=cast.incremental_orders, low=cast.low, high=cast.high),
        added_margin=margin,
        expected_cost=plan.budget.expected_cost,
        readable_on=day_on(plan.anchor_on, plan.goal.within_days),
        detectable_lift_pp=plan.holdout.detectable_lift_pp,
        words={},
    )
    return found.model_copy(update={"words": {"en": _english(found), "zh": _chinese(found)}})


def _margin(plan: Plan) -> MoneyRange | None:
    cast, currency = plan.forecast, plan.budget.total.currency
    if not cast.incremental_margin_minor or cast.incremental_orders <= 0:
        return None
    each = cast.incremental_margin_minor / cast.incremental_orders
    low, high = (Money(amount_minor=round(each * orders), currency=currency) for orders in (cast.low, cast.high))
    return MoneyRange(expected=Money(amount_minor=cast.incremental_margin_minor, currency=currency), low=low, high=high)


def _english(found: Outlook) -> str:
    orders, margin = found.added_orders, found.added_margin
    worth = "the margin of it is unknown: no costs of goods are imported"
    if margin is not None:
        worth = f"{margin.expected} of margin (90 % range {margin.low} to {margin.high}) before a cost of "
        worth += str(found.expected_cost)
    figures = f"{orders.expected:,.0f} added orders (90 % range {orders.low:,.0f} to {orders.high:,.0f}); {worth}."
    by_tables = goes_by_tables(found.source)
    if by_tables is not None:
        how = "Measured" if found.basis == "learned" else "Partly measured"
        rest = "" if found.basis == "learned" else " The other kinds of message count as before."
        return (
            f"{how} by this shop's own controlled sends ({found.source}): {figures}{_may_be_nothing(orders, 'en')} "
            "Messages that go by a learned table count as what sending by it brought among people it had not learned "
            f"from.{rest}"
        )
    if found.basis == "measured":
        return (
            f"Partly measured ({found.source}): {figures}{_may_be_nothing(orders, 'en')} Earlier plans were read "
            "against their control groups; what they could not tell stays as assumed."
        )
    seen = "" if found.detectable_lift_pp is None else f" if it is {found.detectable_lift_pp:.1f} points or more"
    return (
        f"Assumption, not measured ({found.source}): {figures}{_may_be_nothing(orders, 'en')} The range is only as "
        f"good as the assumed effects; the control group tells the lift by {found.readable_on}{seen}."
    )


def _chinese(found: Outlook) -> str:
    orders, margin = found.added_orders, found.added_margin
    worth = "毛利未知：尚未导入商品成本"
    if margin is not None:
        worth = f"毛利{margin.expected}（90%区间{margin.low}至{margin.high}），未扣除预计花费{found.expected_cost}"
    figures = f"新增{orders.expected:,.0f}单（90%区间{orders.low:,.0f}至{orders.high:,.0f}），{worth}。"
    if goes_by_tables(found.source) is not None:
        how = "" if found.basis == "learned" else "部分"
        rest = "" if found.basis == "learned" else "其余类型的消息照旧计算。"
        return (
            f"{how}由本店自己的对照发送测得（{found.source}）：{figures}{_may_be_nothing(orders, 'zh')}"
            f"按学习表发送的消息，以其在未参与学习的人群中带来的效果计算。{rest}"
        )
    if found.basis == "measured":
        return (
            f"部分已测量（{found.source}）：{figures}{_may_be_nothing(orders, 'zh')}"
            "依据以往方案与对照组的比较；未能测出的部分仍为假设。"
        )
    seen = "" if found.detectable_lift_pp is None else f"（至少{found.detectable_lift_pp:.1f}个百分点才看得出）"
    return (
        f"这是假设，未经测量（{found.source}）：{figures}{_may_be_nothing(orders, 'zh')}"
        f"区间的可信度取决于假设的效果；对照组将于{found.readable_on}给出真实提升{seen}。"
    )


def _may_be_nothing(orders: Range, language: str) -> str:
    if orders.low > 0:
        return ""
    return " It may bring nothing." if language == "en" else "也可能没有任何增量。"
