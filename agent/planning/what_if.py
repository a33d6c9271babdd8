"""What other limits would bring: the same messages under another budget, cap, floor or control group.

Each answer is the best choice per person under the limits, with a certified distance from the best possible. What a
limit costs is what its next step would bring: one more unit of money, one more message, no floor.
"""

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from memory.domain.base import Count, Frozen, Rate
from memory.domain.errors import InvalidInput
from memory.domain.money import Money
from memory.domain.plan import Plan
from tools.allocation import AllocationPlan, Infeasible, budget_curve, solve

from .context import PlanContext
from .program import PlanLimits, Program, limits_of, program
from .table_forecast import other_source

LimitId = Literal["budget", "promotional_cap", "margin_floor", "price_floor", "holdout"]
CURVE = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.25, 1.5)
"""Budgets of the curve, as shares of the plan's."""
LEAST_LEFT_MINOR = 1_000
"""What a step of the budget leaves for promotion, in minor units."""


class AskedLimits(Frozen):
    """Other limits to look at; what is not named stays as it is. Nothing is changed by asking."""

    budget: Money | None = None
    """The plan's money."""
    promotional_cap: Annotated[int, Field(ge=0, le=100)] | None = None
    """Promotional messages per person and window."""
    min_margin_rate: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Smallest margin of the worst order with an offer."""
    min_price_ratio: Rate | None = None
    """Smallest price paid over list price."""
    holdout_rate: Annotated[float, Field(ge=0, le=0.5)] | None = None
    """Share of people withheld."""


class Outcome(Frozen):
    """What the plan's promotional messages are expected to bring under some limits."""

    net_margin: Money
    """Added margin less sends and incentives, service messages included in the cost."""
    added_orders: float
    """Added orders of promotional messages."""
    cost: Money
    """Sends and incentives expected, service messages included."""
    n_messages: Count
    """Promotional messages."""
    gap_rate: float
    """How far the choice can be from the best possible, at most."""


class LimitPrice(Frozen):
    """What one limit costs: what its next step would bring."""

    limit: LimitId
    """Which."""
    now: str
    """Where it stands."""
    step: str
    """The step looked at."""
    gain: Money
    """Added net margin of that step; 0 where the limit holds nothing back."""
    per_unit: float | None = None
    """For money: what one more unit of it returns."""


class CurvePoint(Frozen):
    """One budget of the curve."""

    budget: Money
    """The plan's money."""
    net_margin: Money
    """What it brings at most, net; a choice comes as near to it as the outcome's gap says."""
    per_unit: float
    """What one more unit of money would return there."""


class WhatIf(Frozen):
    """The plan's messages under today's limits, under those asked about, and what each limit costs."""

    plan_id: str
    """The plan; it stays as it is."""
    now: Outcome
    """Under today's limits."""
    then: Outcome | None
    """Under the limits asked about; none where nothing was asked."""
    asked: AskedLimits
    """What was asked."""
    prices: tuple[LimitPrice, ...]
    """What each limit costs, from the limits asked about on."""
    curve: tuple[CurvePoint, ...]
    """Budgets from a fiftieth of the plan's to one and a half."""
    source: str
    """Where the effects come from: an assumption, or measured plans."""


def what_if(plan: Plan, context: PlanContext, asked: AskedLimits, instead: Plan | None = None) -> WhatIf:
    """Work out a plan's promotional messages under other limits, or those of another plan from the same facts.

    Raise `InvalidInput` for a budget in another currency or below 0.
    """
    today = limits_of(plan, context.guardrails)
    now = _Found(plan, context).outcome(today)
    other = plan if instead is None else instead
    wanted = _with(limits_of(other, context.guardrails), asked, other)
    found = _Found(other, context)
    then = None if wanted == today and instead is None else found.outcome(wanted)
    return WhatIf(
        plan_id=plan.id,
        now=now,
        then=then,
        asked=asked,
        prices=_prices(found, wanted),
        curve=found.curve(wanted),
        source=other_source(plan),
    )


class _Found:
    """Plans worked out so far; multipliers of one start the next."""

    def __init__(self, plan: Plan, context: PlanContext) -> None:
        self.plan, self._context = plan, context
        self._known: dict[PlanLimits, tuple[Program, AllocationPlan]] = {}
        self._start: np.ndarray | None = None

    def of(self, limits: PlanLimits) -> tuple[Program, AllocationPlan]:
        if limits not in self._known:
            made = program(self.plan, self._context, limits)
            start = self._start if self._start is not None and len(self._start) == len(made.problem.limits) else None
            chosen = solve(made.problem, start=start)
            assert not isinstance(chosen, Infeasible), "doing nothing keeps upper bounds"
            self._start = chosen.multipliers
            self._known[limits] = (made, chosen)
        return self._known[limits]

    def money(self, minor: float) -> Money:
        return Money(amount_minor=round(minor), currency=self.plan.budget.total.currency)

    def net_minor(self, limits: PlanLimits) -> float:
        made, chosen = self.of(limits)
        return chosen.value * made.scale / 1000 - made.service_minor

    def outcome(self, limits: PlanLimits) -> Outcome:
        made, chosen = self.of(limits)
        sent = chosen.option >= 0
        return Outcome(
            net_margin=self.money(self.net_minor(limits)),
            added_orders=round(float(made.effect[sent].sum()) * made.scale, 1),
            cost=self.money(float(chosen.sums.cost[0]) * made.scale / 1000 + made.service_minor),
            n_messages=round(int(sent.sum()) * made.scale),
            gap_rate=chosen.gap,
        )

    def per_unit(self, limits: PlanLimits) -> float:
        _, chosen = self.of(limits)
        return round(next(one.per_unit for one in chosen.prices if one.limit == "budget"), 4)

    def curve(self, limits: PlanLimits) -> tuple[CurvePoint, ...]:
        """Give the budgets of `CURVE`; what is owed for service is paid first at each."""
        made, _ = self.of(limits)
        left = max(limits.budget_minor - made.service_minor, 1)
        shares = [max(limits.budget_minor * share - made.service_minor, 0.0) / left for share in CURVE]
        points = budget_curve(made.problem, "budget", shares)
        return tuple(
            CurvePoint(
                budget=self.money(limits.budget_minor * share),
                net_margin=self.money((point.at_most or 0) * made.scale / 1000 - made.service_minor),
                per_unit=round(point.price, 4),
            )
            for share, point in zip(CURVE, points, strict=True)
        )


def _with(today: PlanLimits, asked: AskedLimits, plan: Plan) -> PlanLimits:
    if asked.budget is not None and asked.budget.currency != plan.budget.total.currency:
        raise InvalidInput(
            what=f"budget {asked.budget}",
            why=f"the plan's money is in {plan.budget.total.currency}",
            remedy=f"Name the sum in {plan.budget.total.currency}.",
        )
    if asked.budget is not None and asked.budget.amount_minor < 0:
        raise InvalidInput(what=f"budget {asked.budget}", why="it is below 0", remedy="Name 0 or more.")
    changes = {
        "budget_minor": None if asked.budget is None else asked.budget.amount_minor,
        "cap": asked.promotional_cap,
        "min_margin_rate": asked.min_margin_rate,
        "min_price_ratio": asked.min_price_ratio,
        "holdout_rate": asked.holdout_rate,
    }
    return replace(today, **{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]


def _prices(found: _Found, limits: PlanLimits) -> tuple[LimitPrice, ...]:
    """Give what the next step of each limit brings; all from the same place."""
    # a tenth more, and at least so much that something is left once service is paid
    more = max(round(limits.budget_minor * 1.1), found.of(limits)[0].service_minor + LEAST_LEFT_MINOR)
    steps: list[tuple[LimitId, str, str, PlanLimits]] = [
        ("budget", str(found.money(limits.budget_minor)), str(found.money(more)), replace(limits, budget_minor=more)),
        ("margin_floor", f"{limits.min_margin_rate:.0%}", "none", replace(limits, min_margin_rate=-1.0)),
        ("price_floor", f"{limits.min_price_ratio:.0%}", "none", replace(limits, min_price_ratio=0.0)),
        ("holdout", f"{limits.holdout_rate:.0%}", "none", replace(limits, holdout_rate=0.0)),
    ]
    if limits.cap is not None:
        cap = f"{limits.cap} / {limits.window_days} d", f"{limits.cap + 1} / {limits.window_days} d"
        steps.insert(1, ("promotional_cap", *cap, replace(limits, cap=limits.cap + 1)))
    here = found.net_minor(limits)
    prices = []
    for name, now, step, other in steps:
        gain = max(found.net_minor(other) - here, 0.0)
        # where nothing can be paid yet no multiplier says what money would bring: the step itself does
        per_unit = None
        if name == "budget":
            per_unit = found.per_unit(limits) or round(gain / (more - limits.budget_minor), 4)
        prices.append(LimitPrice(limit=name, now=now, step=step, gain=found.money(gain), per_unit=per_unit))
    return tuple(prices)
