"""Part holdouts: withhold a share of a plan's treated people from one journey or step, before it goes live."""

from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, Rate
from memory.domain.cohort import CohortId
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.experiment import Estimate
from memory.domain.outcome import NotEstimable
from memory.domain.part_holdout import Part, PartHoldout
from memory.domain.plan import Plan

from .acting import Acting
from .plans import get

if TYPE_CHECKING:
    from memory.store.unit_of_work import UnitOfWork


class ShownPart(Frozen):
    """A part holdout with what it can be expected to show."""

    part: Part
    """Whether a journey or a step is withheld."""
    part_id: str
    """Which."""
    cohort: CohortId
    """Whose it is."""
    rate: Rate
    """Share withheld."""
    n_treated: Count
    """People of the cohort who will get it, about."""
    n_withheld: Count
    """People who will not, about."""
    detectable_pp: Estimate
    """Smallest difference in points found with 80 % power by one look at the end, if people buy on at the rate that
    the plan expects of the cohort, evenly; or why there is none."""


def parts(acting: Acting, plan_id: str) -> tuple[ShownPart, ...]:
    """Give a plan's part holdouts, journeys first, with what each can show."""
    plan = get(acting, plan_id).plan
    with acting.app.store.read() as uow:
        found = uow.part_holdouts.of(plan.id)
    rates = {one.part_id: one.rate for one in found if one.part == "journey"}
    return tuple(_shown(plan, one, rates) for one in found)


def set_part(acting: Acting, plan_id: str, part: Part, part_id: str, rate: float) -> tuple[ShownPart, ...]:
    """Withhold a share of the treated people from a journey (its id, or its cohort's) or a step; 0 takes it away.

    Withholding only shrinks what was approved, so it needs no new approval; agents may not do it, whatever their
    role (S2-24). Gives all of the plan's. Raise `NotReady` once people were drawn, `InvalidInput` for an unknown part
    or a share above 0.5.
    """
    acting.require_person("guardrail")
    plan = get(acting, plan_id).plan
    if not 0 <= rate <= 0.5:
        raise InvalidInput(what="the share", why=f"{rate} is not between 0 and 0.5", remedy="Give for example 0.1")
    part_id = _known(plan, part, part_id)
    detail = {"part": part, "id": part_id, "rate": rate}
    with acting.write("holdout.part", f"plan:{plan.id}", **detail) as uow:
        uow.versions.lock()  # a go-live draws under the same lock: it sees this, or this sees that it is over
        _refuse_drawn(uow, plan)
        if rate:
            holdout = PartHoldout(plan_id=plan.id, part=part, part_id=part_id, rate=rate)
            uow.part_holdouts.put(plan.shop_id, holdout)
        else:
            uow.part_holdouts.remove(plan.id, part, part_id)
    return parts(acting, plan.id)


def _known(plan: Plan, part: Part, part_id: str) -> str:
    """Give the id of a journey or step that we send."""
    if part == "journey":
        ids = {journey.cohort: journey.id for journey in plan.journeys} | {one.id: one.id for one in plan.journeys}
        names = [one.id for one in plan.journeys]
    else:
        names = [one.id for one in plan.steps() if one.owner == "us" and one.message_class != "on_page"]
        ids = {name: name for name in names}
    if part_id not in ids:
        why = f"plan {plan.id[:12]} sends no {part} of that name"
        raise InvalidInput(what=part_id, why=why, remedy=f"Name one of {', '.join(names)}")
    return ids[part_id]


def _refuse_drawn(uow: "UnitOfWork", plan: Plan) -> None:
    name = f"plan {plan.id[:12]}"
    if uow.batches.live(plan.id) is not None:
        raise NotReady(
            what=name,
            why="who is withheld was drawn when it began to run",
            remedy="Set it on the next plan before then",
        )
    status, _ = uow.plans.standing(plan.id)
    if status not in ("draft", "waiting", "approved"):
        raise NotReady(what=name, why=f"it is {status}", remedy="Set it on a plan that is still to go live")
    if any(one.new_plan_id == plan.id and one.status == "waiting" for one in uow.amendments.all(plan.shop_id)):
        why = "it takes over from a live plan, whose people were drawn already"
        raise NotReady(what=name, why=why, remedy="The live plan's holdouts go on; set others on the next plan")


def _shown(plan: Plan, one: PartHoldout, rate_of_journey: dict[str, float]) -> ShownPart:
    journey = one.journey(plan)
    assert journey is not None, "checked when it was set"
    cohort = next(each for each in plan.cohorts if each.id == journey.cohort)
    left = (1 - plan.holdout.rate) * (1 - (rate_of_journey.get(journey.id, 0.0) if one.part == "step" else 0.0))
    n = round(cohort.n_people * left)
    n_withheld = round(n * one.rate)
    return ShownPart(
        part=one.part,
        part_id=one.part_id,
        cohort=journey.cohort,
        rate=one.rate,
        n_treated=n - n_withheld,
        n_withheld=n_withheld,
        detectable_pp=_detectable(plan, one, n, cohort.expected_repeat_rate),
    )


_NO_RATE = "The plan expects no repeat rate of this cohort; try `secondorder report power --baseline`."


def _detectable(plan: Plan, one: PartHoldout, n_people: int, repeat_rate: float | None) -> Estimate:
    from tools.experiments.design import Design, designs

    first = (one.first_on(plan) - plan.anchor_on).days
    baseline = (repeat_rate or 0.0) * max(0, plan.goal.within_days - first) / plan.goal.within_days
    if n_people < 2:
        return NotEstimable(code="too_few_people", message="The cohort has fewer than two people.")
    if not 0 < baseline < 1:
        return NotEstimable(code="missing_data", message=_NO_RATE)
    return designs(n_people, baseline, [one.rate], Design(n_looks=1))[0].fixed_pp
