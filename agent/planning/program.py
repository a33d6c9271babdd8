"""A plan's promotional messages as one allocation: whom each step should reach so that most margin is left.

People are those of the plan's cells, alike within a cell; a person may get as many promotional messages per window as
the cap says, the plan's money pays sends and expected incentives, and an offer is granted as often as the plan says.
Service is owed and paid first. Effects are the plan's own: assumed, or measured where it carries measured ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from agent.guardrails.facts import PeopleCell
from memory.domain.cohort import CohortId
from memory.domain.guardrails import Guardrails
from memory.domain.plan import Plan, Step
from tools.allocation import Budget, Count, Limit, PerPerson, Problem
from tools.priors.amounts import message_cost_millis

from .context import PlanContext
from .worth import effect_in, margin_per_order

Ints = npt.NDArray[np.int64]
CHANNELS: tuple[Literal["email", "sms", "push"], ...] = ("email", "sms", "push")
MOST_DECISIONS = 300_000
"""Larger plans are worked out for a share of each cell: people of a cell are alike, so only rounding differs."""


@dataclass(frozen=True)
class PlanLimits:
    """The limits a plan is worked out under."""

    budget_minor: int
    """The plan's money."""
    cap: int | None
    """Promotional messages per person and window; none where nothing caps them."""
    window_days: int
    """Days of that window."""
    min_margin_rate: float
    """Offers whose worst order leaves less are not sent."""
    min_price_ratio: float
    """Offers that pay less of the list price are not sent."""
    holdout_rate: float
    """Share of people withheld."""


@dataclass(frozen=True)
class Program:
    """The allocation and what its figures stand for."""

    problem: Problem
    """One decision per person and promotional step; options are channels."""
    effect: npt.NDArray[np.float64]
    """(n,): added orders per message of each decision's step."""
    scale: float
    """How many decisions of the plan one decision of the problem stands for."""
    service_minor: int
    """What service messages cost, beside."""


def limits_of(plan: Plan, guardrails: Guardrails) -> PlanLimits:
    """Give the limits that hold for the plan today."""
    cap = next((one for one in guardrails.frequency_caps if one.message_class == "promotional"), None)
    return PlanLimits(
        budget_minor=plan.budget.total.amount_minor,
        cap=None if cap is None else cap.max_messages,
        window_days=7 if cap is None else cap.window_days,
        min_margin_rate=guardrails.min_margin_rate,
        min_price_ratio=guardrails.min_price_ratio,
        holdout_rate=plan.holdout.rate,
    )


def program(plan: Plan, context: PlanContext, limits: PlanLimits) -> Program:
    """Give the allocation of a plan's promotional steps under these limits."""
    steps = [(journey.cohort, step) for journey in plan.journeys for step in journey.steps if _is_ours(step)]
    chosen = [(cohort, step) for cohort, step in steps if step.message_class == "promotional"]
    service = sum(step.expected_cost.amount_minor for _, step in steps if step.message_class != "promotional")
    cells = [cell for cell in context.people if cell.language in context.guardrails.languages]
    pairs = [
        (number, place)
        for number, cell in enumerate(cells)
        for place, (cohort, _) in enumerate(chosen)
        if cell.cohort == cohort
    ]
    wanted = np.array([cells[cell].n_people * (1.0 - limits.holdout_rate) for cell, _ in pairs])
    share = min(1.0, MOST_DECISIONS / max(wanted.sum(), 1.0))
    number = np.round(wanted * share).astype(np.int64)
    scale = float(wanted.sum() / max(number.sum(), 1))
    rows = np.repeat(np.arange(len(pairs)), number)
    value, cost, allowed = _cells(plan, context, [(cells[cell], *chosen[place]) for cell, place in pairs], limits)
    group = np.array([place for _, place in pairs], dtype=np.int64)[rows]
    effect = np.array([effect_in(plan, (cohort, step.kind)) for cohort, step in chosen] or [0.0])
    problem = Problem(
        value=np.ascontiguousarray(value[:, rows]),
        allowed=np.ascontiguousarray(allowed[:, rows]),
        costs=(np.ascontiguousarray(cost[:, rows]),),
        limits=_limits(plan, [step for _, step in chosen], limits, service, scale),
        group=group,
        n_groups=max(len(chosen), 1),
        per_person=_caps(pairs, [step for _, step in chosen], number, limits),
    )
    return Program(problem, effect[group] if len(group) else np.zeros(0), scale, service)


def _is_ours(step: Step) -> bool:
    return step.owner == "us" and step.message_class != "on_page"


def _cells(
    plan: Plan, context: PlanContext, cells: Sequence[tuple[PeopleCell, CohortId, Step]], limits: PlanLimits
) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Give value, cost and whether it may be sent per channel and (cell, step), each (channels, cells)."""
    shape = (len(CHANNELS), len(cells))
    value, cost, allowed = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64), np.zeros(shape, bool)
    worth, banned = margin_per_order(plan), set(plan.brief.excluded)
    for column, (cell, cohort, step) in enumerate(cells):
        offer = plan.offer(step.offer_id) if step.offer_id else None
        incentive = int(1000 * offer.redemption_rate * offer.cost_per_use.amount_minor) if offer else 0
        gives = offer is not None and offer.incentive.kind != "early_access"
        is_low = gives and offer is not None and offer.worst_margin_rate < limits.min_margin_rate
        is_cheap = offer is not None and offer.price_ratio < limits.min_price_ratio
        for row, channel in enumerate(CHANNELS):
            cost[row, column] = message_cost_millis(channel, context.shop.currency) + incentive
            value[row, column] = round(1000 * effect_in(plan, (cohort, step.kind)) * worth) - cost[row, column]
            reaches = channel in step.channels and cell.reaches(channel) and (cell.market, channel) not in banned
            allowed[row, column] = reaches and not is_low and not is_cheap
    return value, cost, allowed


def _limits(
    plan: Plan, steps: Sequence[Step], limits: PlanLimits, service_minor: int, scale: float
) -> tuple[Limit, ...]:
    left = max(limits.budget_minor - service_minor, 0)
    found: list[Limit] = [Budget("budget", int(1000 * left / scale))]
    for offer in plan.offers:
        member = np.array([[step.offer_id == offer.id] * len(CHANNELS) for step in steps], dtype=np.bool_)
        if offer.limits.max_granted is not None and member.any():
            found.append(Count(f"grants of {offer.id}", member, int(offer.limits.max_granted / scale)))
    return tuple(found)


def _caps(
    pairs: Sequence[tuple[int, int]], steps: Sequence[Step], number: Ints, limits: PlanLimits
) -> PerPerson | None:
    """Give a number per person and window; the people of a cell are counted alike for each of its steps."""
    if limits.cap is None or not number.sum():
        return None
    cell = np.array([each for each, _ in pairs])
    sizes = np.zeros(cell.max() + 2, dtype=np.int64)
    sizes[cell + 1] = number
    starts = np.cumsum(sizes)
    windows = np.array([step.day // limits.window_days for step in steps])
    n_windows = int(windows.max()) + 1
    person = [
        (starts[each] + np.arange(size)) * n_windows + windows[place]
        for (each, place), size in zip(pairs, number, strict=True)
    ]
    numbers = np.concatenate(person).astype(np.int64)
    return PerPerson(numbers, np.full(len(numbers), limits.cap, dtype=np.int64))
