"""The playbook's journey of one cohort: which templates, on which day, with which offer, and what is left out."""

from memory.domain.brief import Brief
from memory.domain.cohort import CohortId
from memory.domain.message import MESSAGE_CLASS
from memory.domain.outcome import Blocked
from tools.offers.building import build_offer

from .catalogue import CATALOGUE, StepTemplate, template_of
from .catalogue.incentives import FREE_SHIPPING, GIFT, STORE_CREDIT
from .catalogue.intent import CONTENT
from .catalogue.membership import POINTS_MULTIPLE
from .context import PlanContext
from .dates import day_on, playbook_day
from .draft import DraftStep
from .holidays import around_rests
from .offering import NO_OFFER, PlannedStep, offer_facts, pick_for

SECOND_INCENTIVE_DAY = 30


def playbook_journey(
    cohort: CohortId, brief: Brief, context: PlanContext
) -> tuple[tuple[DraftStep, ...], dict[str, str]]:
    """Give a cohort's playbook steps by day, and what had to be left out with the reason."""
    steps: list[DraftStep] = []
    left_out: dict[str, str] = {}
    for template in CATALOGUE:
        wanted = _wanted_day(template, cohort, brief)
        if wanted is None:
            continue
        result = _step(template, cohort, wanted, context)
        if isinstance(result, str):
            left_out[f"{cohort}.{template.id}"] = result
        else:
            steps.append(result)
    steps, dropped = _within_promo_share(_with_second_incentive(steps, cohort, context), cohort, brief, context)
    steps = around_rests(steps, cohort, context)
    return tuple(sorted(steps, key=_by_day)), left_out | dropped


def _wanted_day(template: StepTemplate, cohort: CohortId, brief: Brief) -> int | None:
    """The day of a step, none where the playbook doesn't use it for this cohort and brief."""
    if template.kind == "app_nudge" and not brief.app_priority:
        return None
    if template.id == "early_access" and cohort in brief.early_access_first:
        return template.days.get(cohort, 21)
    if template.id == "early_access":
        return None
    return template.days.get(cohort)


def _step(template: StepTemplate, cohort: CohortId, wanted: int, context: PlanContext) -> DraftStep | str:
    day = playbook_day(template, wanted, context.anchor_on)
    if day is None:
        return "no day of the plan falls in its season"
    bare = DraftStep(template=template.id, day=day)
    if not template.offers:
        return bare
    step = PlannedStep(
        id=f"{cohort}.{template.id}",
        cohort=cohort,
        template=template,
        day=day,
        due_on=day_on(context.anchor_on, day),
        draft=bare,
    )
    reason = ""
    for kind in template.offers:
        built = build_offer(pick_for(step, kind, None, day_on(context.anchor_on, 90)), offer_facts(context))
        if not isinstance(built, Blocked):
            return bare.model_copy(update={"offer": kind})
        reason = reason or built.message
    return reason if template.needs_offer else bare.model_copy(update={"offer": NO_OFFER})


def _with_second_incentive(steps: list[DraftStep], cohort: CohortId, context: PlanContext) -> list[DraftStep]:
    """Add the best incentive that can be built where the playbook's own could not (S1-18); never a discount."""
    present = {template.flow for step in steps if (template := template_of(step.template))}
    if "second_incentive" in present:
        return steps
    for template in (POINTS_MULTIPLE, GIFT, FREE_SHIPPING, STORE_CREDIT):
        result = _step(template, cohort, SECOND_INCENTIVE_DAY, context)
        if not isinstance(result, str):
            return [*steps, result]
    return steps


def _within_promo_share(
    steps: list[DraftStep], cohort: CohortId, brief: Brief, context: PlanContext
) -> tuple[list[DraftStep], dict[str, str]]:
    """Leave parts of the category series out, last part first, while promotion has more than its share.

    A brief that leaves out care would otherwise have no plan at all for the sake of the least urgent promotion.
    """
    dropped: dict[str, str] = {}
    for template_id in reversed(CONTENT["explore"]):
        if _promo_share(steps, cohort, brief) <= context.guardrails.max_promo_share:
            break
        rest = [step for step in steps if step.template != template_id]
        if len(rest) < len(steps):
            dropped[f"{cohort}.{template_id}"] = "promotion would have more than its share of the journey"
        steps = rest
    return steps, dropped


def _promo_share(steps: list[DraftStep], cohort: CohortId, brief: Brief) -> float:
    """Give the share of promotional messages among those that count and that the brief keeps."""
    kinds = [
        template.kind
        for step in steps
        if (template := template_of(step.template)) and template.owner == "us"
        if template.kind not in brief.excluded_kinds and f"{cohort}.{template.id}" not in brief.removed_steps
    ]
    classes = [MESSAGE_CLASS[kind] for kind in kinds]
    promotional = classes.count("promotional")
    return promotional / max(promotional + classes.count("service"), 1)


def _by_day(step: DraftStep) -> tuple[int, str]:
    return step.day or 0, step.template
