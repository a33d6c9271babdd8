"""The tool `propose_offers`: per cohort the playbook's steps and the other steps and offers that can be built now."""

from typing import Any

from agent.planning.draft import DraftStep
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.outcome import Blocked

from .desk import Desk
from .tool import Arguments, Tool

MAX_OTHERS = 5


class Which(Arguments):
    """Which cohort."""

    cohort: CohortId | None = None
    """One cohort; all four where none is given."""


def run(desk: Desk, arguments: Which) -> dict[str, Any]:
    """Give steps as `template@day+offer`, ready to be copied into a draft."""
    from agent.planning.playbook import playbook_journey

    answer: dict[str, Any] = {}
    for cohort in COHORTS if arguments.cohort is None else (arguments.cohort,):
        steps, _ = playbook_journey(cohort, desk.brief, desk.context)
        answer[cohort] = {"playbook": [short(step) for step in steps], "others": _others(desk, cohort, steps)}
    return answer


def short(step: DraftStep) -> str:
    """Give a step in its short form."""
    day = "" if step.day is None else f"@{step.day}"
    return step.template + day + (f"+{step.offer}" if step.offer else "")


def _others(desk: Desk, cohort: CohortId, used: tuple[DraftStep, ...]) -> list[str]:
    """Incentive steps the playbook doesn't use for the cohort and that the shop's figures allow."""
    from agent.planning.catalogue import CATALOGUE
    from agent.planning.dates import day_on, playbook_day
    from agent.planning.offering import PlannedStep, offer_facts, pick_for
    from tools.offers.building import build_offer

    taken = {step.template for step in used}
    found: list[str] = []
    for template in CATALOGUE:
        day = playbook_day(template, next(iter(template.days.values()), 35), desk.context.anchor_on)
        if template.id in taken or not template.needs_offer or day is None:
            continue
        bare = DraftStep(template=template.id, day=day)
        planned = PlannedStep(
            id=f"{cohort}.{template.id}",
            cohort=cohort,
            template=template,
            day=day,
            due_on=day_on(desk.context.anchor_on, day),
            draft=bare,
        )
        for kind in template.offers:
            pick = pick_for(planned, kind, None, day_on(desk.context.anchor_on, 90))
            if not isinstance(build_offer(pick, offer_facts(desk.context)), Blocked):
                found.append(short(bare.model_copy(update={"offer": kind})))
                break
    return found[:MAX_OTHERS]


WHICH_SCHEMA = {"type": "object", "properties": {"cohort": {"type": "string", "enum": list(COHORTS)}}}
TOOL = Tool("propose_offers", "Steps with offers per cohort that can be built now.", Which, run, told=WHICH_SCHEMA)
