"""Holidays in a plan: promotional steps of the playbook wait for the end of a day on which their market rests.

A market counts for a cohort from `MIN_SHARE` of its people on. A step moves to the first day after that its phase and
season allow and the frequency caps leave room for; where there is none it stays, and the plan says so. What a marketer
or a language model dated stays as well.
"""

from collections.abc import Sequence
from datetime import date

from memory.domain.cohort import CohortId
from memory.domain.guardrails import FrequencyCap
from tools.markets.calendar import MarketPeriod, periods_of

from .catalogue import StepTemplate, template_of
from .context import PlanContext
from .dates import LAST_DAY, day_on, playbook_day
from .draft import DraftStep
from .offering import PlannedStep

MIN_SHARE = 0.3
"""From this share of a cohort's people on a market's rest moves its steps: the plan dates a step once for all."""
LONGEST_MOVE = 14
"""Most days a step moves; a rest is shorter than that."""


def rests_of(cohort: CohortId, context: PlanContext) -> tuple[MarketPeriod, ...]:
    """Give the days of the plan on which markets of the cohort rest from promotion, by first day."""
    found = periods_of(_markets_of(cohort, context), context.anchor_on, day_on(context.anchor_on, LAST_DAY))
    return tuple(period for period in found if period.pauses_promotions)


def around_rests(steps: Sequence[DraftStep], cohort: CohortId, context: PlanContext) -> list[DraftStep]:
    """Give a cohort's playbook steps with promotional ones moved out of its markets' rests."""
    rests = rests_of(cohort, context)
    if not rests:
        return list(steps)
    moved = list(steps)
    for place, step in sorted(enumerate(steps), key=lambda one: -(one[1].day or 0)):
        template = template_of(step.template)
        if template is None or step.day is None or not _waits(template):
            continue
        if _resting(rests, day_on(context.anchor_on, step.day)) is None:
            continue
        others = [one.day for one in moved if one is not step and one.day is not None and _is_promotional(one)]
        day = _free_day(template, step.day, rests, others, context)
        if day is not None:
            moved[place] = step.model_copy(update={"day": day})
    return moved


def moved_from(step: PlannedStep, context: PlanContext) -> MarketPeriod | None:
    """Give the rest that a step waited for, or none: the playbook's own day lies in it, the step's after it."""
    own = step.template.days.get(step.cohort)
    wanted = playbook_day(step.template, own, context.anchor_on) if own is not None and _waits(step.template) else None
    if wanted is None or not wanted < step.day <= wanted + LONGEST_MOVE:
        return None
    return _resting(rests_of(step.cohort, context), day_on(context.anchor_on, wanted))


def holiday_sentences(steps: Sequence[PlannedStep], context: PlanContext) -> tuple[str, ...]:
    """Say which steps waited for a rest, and which fall into one all the same."""
    waited: dict[str, list[str]] = {}
    inside: dict[str, list[str]] = {}
    for step in steps:
        if (rest := moved_from(step, context)) is not None:
            waited.setdefault(rest.words, []).append(f"{step.id} to {step.due_on}")
        elif _waits(step.template) and (rest := _resting(rests_of(step.cohort, context), step.due_on)) is not None:
            inside.setdefault(rest.words, []).append(step.id)
    return (
        *(f"promotion pauses for {rest}: moved {', '.join(sorted(names))}" for rest, names in sorted(waited.items())),
        *(
            f"promotion pauses for {rest}, and {', '.join(sorted(names))} falls into it: no later day was free, or "
            "somebody chose it"
            for rest, names in sorted(inside.items())
        ),
    )


def _markets_of(cohort: CohortId, context: PlanContext) -> tuple[str, ...]:
    people = [cell for cell in context.people if cell.cohort == cohort]
    n_all = sum(cell.n_people for cell in people)
    if not n_all:
        return (context.shop.home_market,)
    markets = sorted({cell.market for cell in people})
    return tuple(
        market
        for market in markets
        if sum(cell.n_people for cell in people if cell.market == market) >= MIN_SHARE * n_all
    )


def _free_day(
    template: StepTemplate, wanted: int, rests: Sequence[MarketPeriod], others: Sequence[int], context: PlanContext
) -> int | None:
    caps = [cap for cap in context.guardrails.frequency_caps if cap.message_class == "promotional"]
    for day in range(wanted + 1, min(wanted + LONGEST_MOVE, LAST_DAY) + 1):
        is_open = _resting(rests, day_on(context.anchor_on, day)) is None
        is_fitting = is_open and playbook_day(template, day, context.anchor_on) == day
        if is_fitting and all(_has_room(day, others, cap) for cap in caps):
            return day
    return None


def _has_room(day: int, others: Sequence[int], cap: FrequencyCap) -> bool:
    """Say whether a further message on a day keeps every window of the cap around it."""
    return (
        all(
            1 + sum(first <= other < first + cap.window_days for other in others) <= cap.max_messages
            for first in range(day - cap.window_days + 1, day + 1)
        )
        and day not in others
    )


def _resting(rests: Sequence[MarketPeriod], day: date) -> MarketPeriod | None:
    return next((rest for rest in rests if rest.holds(day)), None)


def _waits(template: StepTemplate) -> bool:
    return template.message_class == "promotional" and template.owner == "us" and template.trigger == "dated"


def _is_promotional(step: DraftStep) -> bool:
    template = template_of(step.template)
    return template is not None and template.message_class == "promotional" and template.owner == "us"
