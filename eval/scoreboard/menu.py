"""Everything a planner could put into a plan for a shop, with offers as the product builds them."""

from agent.planning.catalogue import CATALOGUE
from agent.planning.compose import compose
from agent.planning.context import PlanContext
from agent.planning.draft import DraftStep, PlanDraft
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.plan import Plan

from .crowd import CHANNELS
from .judge import plan_violations
from .options import RARE_AUDIENCES, Gift, Option, gifts_of, options_of


def menu_of(plan: Plan, brief: Brief, context: PlanContext) -> tuple[tuple[Option, ...], dict[str, Gift]]:
    """Give the plan's own messages and every other of the catalogue that composes for a cohort, with their offers."""
    found = {(option.step, option.channel): option for option in options_of(plan)}
    gifts = gifts_of(plan)
    for template in CATALOGUE:
        if template.owner != "us" or template.kind in RARE_AUDIENCES or not set(template.channels) & set(CHANNELS):
            continue
        missing = [cohort for cohort in COHORTS if not any(key[0] == f"{cohort}.{template.id}" for key in found)]
        for cohort in missing:
            other = _with(cohort, template.id, brief, context)
            if other is None:
                continue
            more = [each for each in options_of(other) if each.step == f"{cohort}.{template.id}"]
            found |= {(each.step, each.channel): each for each in more}
            wanted = {each.offer_id for each in more}
            gifts |= {name: gift for name, gift in gifts_of(other).items() if name in wanted}
    return tuple(found[key] for key in sorted(found)), gifts


def _with(cohort: str, template: str, brief: Brief, context: PlanContext) -> Plan | None:
    """Give the playbook's plan with one more step, where there is one."""
    draft = PlaybookPlanner().draft(brief, context)
    journeys = {
        name: (*steps, DraftStep(template=template)) if name == cohort else steps
        for name, steps in draft.journeys.items()
    }
    made = compose(PlanDraft(journeys=journeys, left_out=draft.left_out), brief, context, PlaybookPlanner.ref)
    if not isinstance(made, Plan):
        return None
    step = f"{cohort}.{template}"
    own = (step, *(f"offers.{each.offer_id}" for each in made.steps() if each.id == step))
    refused = any(reason.path in own for reason in plan_violations(made, context))
    waits = template == "early_access" and cohort not in brief.early_access_first
    return None if refused or waits else made
