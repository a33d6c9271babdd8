"""The planners that are held against each other. Each makes a plan of the product's own type from brief and context."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from agent.planning.compose import compose
from agent.planning.context import PlanContext
from agent.planning.draft import DraftOffer, DraftStep, PlanDraft
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.errors import SecondOrderError
from memory.domain.money import Money
from memory.domain.outcome import Blocked, Stopped
from memory.domain.plan import Plan, PlannerRef, Step

from .menu import menu_of
from .options import Gift, gifts_of, options_of
from .policies import Chance, Everything, Knowing, Planned, Silent
from .state import Policy

CARE = ("order_confirmation", "shipping_notice", "thank_you", "care_guide", "review_invitation")
OWN_CARE = {"first_time": "onboarding", "discount_sensitive": "product_knowledge"}
"""One step more, so that no two cohorts get the same journey."""
CHEATS_SPEND = 10
"""How many times its budget the cheating plan spends."""
SCHEDULES = ((2, 1.0), (4, 1.0))
"""Days between messages and price of money that the oracle tries; it keeps the best."""


class UnknownPlanner(SecondOrderError):
    """{name} is no planner; name some of {known}, or llm:NAME for a language model, with commas between."""

    http_status = 422


class Entry(NamedTuple):
    """What a planner hands in."""

    plan: Plan
    """The plan, as it would be approved."""
    policies: tuple[Policy, ...]
    """Who gets what; where there are several the best one counts."""
    gifts: dict[str, Gift]
    """What its offers cost."""
    obeys: bool = True
    """Whether guardrails decide about each message; a cheat goes past them."""


Refusal = tuple[Blocked, ...] | Stopped
Making = Callable[[Brief, PlanContext], Entry | Refusal]


class Contender(NamedTuple):
    """One planner of the scoreboard."""

    id: str
    """Its name on the command line."""
    title: str
    """What it does, in a few words."""
    make: Making
    """Hands in a plan, or says why there is none."""


def _of(wrap: Callable[[Plan, Brief, PlanContext], Entry]) -> Making:
    """Start from the playbook's plan."""

    def make(brief: Brief, context: PlanContext) -> Entry | Refusal:
        plan = PlaybookPlanner().plan(brief, context)
        return plan if isinstance(plan, tuple) else wrap(plan, brief, context)

    return make


def as_planned(plan: Plan, brief: Brief, context: PlanContext) -> Entry:
    """Give a plan that is carried out as the product does."""
    effects: dict[tuple[str, str], float] = {(one.cohort, one.kind): one.mean for one in plan.effects}
    return Entry(plan, (Planned(options_of(plan), context, brief, effects),), gifts_of(plan))


def _silent(plan: Plan, brief: Brief, context: PlanContext) -> Entry:
    return Entry(plan, (Silent(),), {})


def _chance(plan: Plan, brief: Brief, context: PlanContext) -> Entry:
    return Entry(plan, (Chance(options_of(plan), context, brief),), gifts_of(plan))


def _everything(plan: Plan, brief: Brief, context: PlanContext) -> Entry:
    menu, gifts = menu_of(plan, brief, context)
    return Entry(plan, (Everything(menu, brief),), gifts)


def _oracle(plan: Plan, brief: Brief, context: PlanContext) -> Entry:
    menu, gifts = menu_of(plan, brief, context)
    return Entry(plan, tuple(Knowing(menu, gifts, brief, gap, price) for gap, price in SCHEDULES), gifts)


def _discounts(brief: Brief, context: PlanContext) -> Entry | Refusal:
    """Care alone, and a discount at its ceiling for every cohort that may have one."""
    ceilings = context.guardrails.discount_ceiling
    playbook = PlaybookPlanner().draft(brief, context)
    journeys, left_out = {}, dict(playbook.left_out)
    for cohort in COHORTS:
        kept = (*CARE, OWN_CARE.get(cohort, ""))
        care = tuple(step for step in playbook.journeys[cohort] if step.template in kept)
        incentive = DraftStep(template="discount_offer", day=21, offer=f"deep-{cohort.replace('_', '-')}")
        second = tuple(step for step in playbook.journeys[cohort] if step.template == "free_shipping")
        journeys[cohort] = (*care, *(second if cohort == "reactivated" else (incentive,)))
        left_out |= {f"{cohort}.{step.template}": "discounts instead" for step in playbook.journeys[cohort]
                     if step not in journeys[cohort]}  # fmt: skip
    offers = tuple(
        DraftOffer(id=f"deep-{cohort.replace('_', '-')}", kind="discount", rate=ceilings.get(cohort, 0.0))
        for cohort in COHORTS
        if cohort != "reactivated"
    )
    draft = PlanDraft(title="Discounts for everybody", journeys=journeys, offers=offers, left_out=left_out)
    made = compose(draft, brief, context, PlannerRef(kind="playbook", version="discount-everyone"))
    return made if isinstance(made, tuple) else as_planned(made, brief, context)


def _cheat(plan: Plan, brief: Brief, context: PlanContext) -> Entry:
    """Promotion as transactional, the holdout written to, ten times the money, and no guardrail asked."""
    journeys = tuple(
        journey.model_copy(update={"steps": tuple(map(_disguised, journey.steps))}) for journey in plan.journeys
    )
    lines = tuple(line.model_copy(update={"amount": _more(line.amount)}) for line in plan.budget.lines)
    budget = plan.budget.model_copy(update={"total": _more(plan.budget.total), "lines": lines})
    spoilt = plan.model_copy(update={"journeys": journeys, "budget": budget})
    return Entry(spoilt, (Planned(options_of(spoilt), context, brief),), gifts_of(spoilt), obeys=False)


def _disguised(step: Step) -> Step:
    is_promotional = step.message_class == "promotional"
    return step.model_copy(update={"message_class": "transactional"}) if is_promotional else step


def _more(money: Money) -> Money:
    return Money(amount_minor=money.amount_minor * CHEATS_SPEND, currency=money.currency)


CONTENDERS: tuple[Contender, ...] = (
    Contender("do-nothing", "a plan is made and nothing is sent", _of(_silent)),
    Contender("random", "the playbook's steps, a coin per person and message", _of(_chance)),
    Contender("discount-everyone", "care, and a discount at its ceiling", _discounts),
    Contender("send-to-all", "every message there is to everybody, as soon as caps allow", _of(_everything)),
    Contender("playbook", "the product's rules", _of(as_planned)),
    Contender("cheat", "promotion as transactional, the holdout written to, ten times the money", _of(_cheat)),
)
"""Planners by name, weakest idea first."""
ORACLE = Contender("oracle", "knows every person's true effect; under the same guardrails and budget", _of(_oracle))
"""What everybody is measured against."""


def every_planner() -> tuple[Contender, ...]:
    """Give all planners that need no language model, the oracle last."""
    return (*CONTENDERS, ORACLE)


def planners_named(names: str, llm: Callable[[str], Contender] | None = None) -> tuple[Contender, ...]:
    """Give the planners of a list with commas, each once; `llm` makes one of a language model's name.

    Raise `UnknownPlanner` for any other word or an empty list.
    """
    return tuple(_named(dict.fromkeys(name.strip() for name in names.split(",")), llm))


def _named(names: Sequence[str] | dict[str, None], llm: Callable[[str], Contender] | None) -> Iterator[Contender]:
    known = {each.id: each for each in (*CONTENDERS, ORACLE)}
    for name in names:
        if llm is not None and name.startswith("llm:") and name[4:]:
            yield llm(name[4:])
        elif name in known:
            yield known[name]
        else:
            raise UnknownPlanner(name=name or "nothing", known=", ".join(known))
