"""The tool `propose_offers`: per cohort the planned promotional steps, and others that pass every check if added."""

from functools import lru_cache
from typing import Any

from agent.planning.draft import DraftStep, PlanDraft
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.message import MESSAGE_CLASS

from .desk import Desk
from .tool import Arguments, Tool

MAX_OTHERS = 2
"""Others told per cohort; a short menu keeps small language models from taking everything."""
LATER = (0, 7, 14, 21, 35)
"""Days an other step is moved by until it passes."""


class Which(Arguments):
    """Which cohort."""

    cohort: CohortId | None = None
    """One cohort; all four where none is given."""


def run(desk: Desk, arguments: Which) -> dict[str, Any]:
    """Give steps as `template@day+offer`, ready to be copied into a draft."""
    from agent.planning.catalogue import template_of
    from agent.planning.playbook import playbook_journey

    answer: dict[str, Any] = {}
    for cohort in COHORTS if arguments.cohort is None else (arguments.cohort,):
        steps, _ = playbook_journey(cohort, desk.brief, desk.context)
        kinds = {step.template: template for step in steps if (template := template_of(step.template))}
        planned = [step for step in steps if MESSAGE_CLASS[kinds[step.template].kind] == "promotional"]
        answer[cohort] = {
            "planned": [short(step) for step in planned],
            "n_service_steps": len(steps) - len(planned),
            "others": list(_others(_Laid(desk), cohort, steps)),
        }
    return answer


def short(step: DraftStep) -> str:
    """Give a step in its short form."""
    day = "" if step.day is None else f"@{step.day}"
    return step.template + day + (f"+{step.offer}" if step.offer else "")


class _Laid:
    """A desk that equals every other over the same facts, by identity, and the same wishes."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self._wishes = desk, desk.brief.model_dump_json()

    def __hash__(self) -> int:
        return hash((id(self.desk.context), self._wishes))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Laid):
            return NotImplemented
        return other.desk.context is self.desk.context and other._wishes == self._wishes


@lru_cache(maxsize=32)
def _others(laid: _Laid, cohort: CohortId, used: tuple[DraftStep, ...]) -> tuple[str, ...]:
    """Incentive steps outside the playbook's journey, easiest to control first, each on a day on which it passes.

    Dozens of plans are composed to find them; they are found once for all sessions over the same facts and wishes.
    """
    from agent.planning.catalogue import CATALOGUE

    desk = laid.desk
    taken = {step.template for step in used}
    found: list[str] = []
    for template in CATALOGUE:
        if template.id in taken or not template.needs_offer or template.id == "discount_offer":
            continue
        step = _passing(desk, cohort, used, template.id, next(iter(template.days.values()), 35), template.offers[0])
        if step is not None:
            found.append(short(step))
        if len(found) == MAX_OTHERS:
            break
    return tuple(found)


def _passing(
    desk: Desk, cohort: CohortId, used: tuple[DraftStep, ...], template: str, day: int, offer: str
) -> DraftStep | None:
    for later in LATER:
        if day + later > 83:
            break
        step = DraftStep(template=template, day=day + later, offer=offer)
        draft = PlanDraft(journeys={cohort: (*used, step)})
        if not isinstance(desk.compose(draft), tuple):
            return step
    return None


WHICH_SCHEMA = {"type": "object", "properties": {"cohort": {"type": "string", "enum": list(COHORTS)}}}
TOOL = Tool("propose_offers", "Steps with offers per cohort that can be built now.", Which, run, told=WHICH_SCHEMA)
