"""How a planner writes a draft down: edits of the playbook's journeys, or whole ones; short texts, plain numbers."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from agent.planning.draft import DraftOffer, DraftStep, PlanDraft
from memory.domain.base import Rate
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket

from .cleaning import clean
from .desk import Desk
from .tool import Arguments

_STEP = re.compile(r"[a-z0-9_]{1,40}(@\d{1,2})?(\+[a-z0-9_.-]{1,40})?")
_TEMPLATE = re.compile(r"[a-z0-9_]{1,40}")


def _step(text: str) -> str:
    if not _STEP.fullmatch(text):
        raise PydanticCustomError("not_a_step", "Copy steps exactly from propose_offers.")
    return text


def _template(text: str) -> str:
    name = text.partition("@")[0].rpartition(".")[2]  # vip.store_credit and store_credit@28 are understood
    if not _TEMPLATE.fullmatch(name):
        raise PydanticCustomError("not_a_template", "Name a step by its template, the part before the @.")
    return name


StepText = Annotated[str, Field(max_length=100), AfterValidator(_step)]
"""`template@day+offer`, such as `store_credit@28+store_credit`; day and offer may be left out."""
TemplateName = Annotated[str, Field(max_length=100), AfterValidator(_template)]
"""A template's id."""


class DraftArguments(Arguments):
    """A draft; whatever is left out stays as the playbook has it."""

    title: Annotated[str, Field(max_length=120)] = ""
    """What people call the plan."""
    drop: dict[CohortId, Annotated[tuple[TemplateName, ...], Field(max_length=16)]] = {}
    """Templates taken out of the playbook's journey, per cohort."""
    add: dict[CohortId, Annotated[tuple[StepText, ...], Field(max_length=16)]] = {}
    """Steps put in, per cohort; a step of the same template is replaced."""
    journeys: dict[CohortId, Annotated[tuple[StepText, ...], Field(min_length=1, max_length=16)]] = {}
    """Whole journeys instead, per cohort."""
    offers: Annotated[tuple[DraftOffer, ...], Field(max_length=12)] = ()
    """Offers with figures of their own, called by their id in steps."""
    buckets: dict[Bucket, Rate] = {}
    """Budget shares; together 1."""
    holdout_rate: Rate | None = None
    """Share withheld."""
    note: Annotated[str, Field(max_length=600)] = ""
    """Why, in one sentence."""

    def draft(self, desk: Desk) -> PlanDraft | tuple[Blocked, ...]:
        """Give the draft, or what in it fits nothing; title and note become plain one-line text."""
        journeys: dict[CohortId, tuple[DraftStep, ...]] = {}
        mistakes: list[Blocked] = []
        for cohort in COHORTS:
            if not (cohort in self.drop or cohort in self.add or cohort in self.journeys):
                continue
            steps, wrong = self._edited(cohort, desk)
            journeys[cohort] = steps
            mistakes += wrong
        if mistakes:
            return tuple(mistakes)
        return PlanDraft(
            title=clean(self.title, 80),
            journeys=journeys,
            offers=self.offers,
            buckets=self.buckets,
            holdout_rate=self.holdout_rate,
            note=clean(self.note, 300),
        )

    def _edited(self, cohort: CohortId, desk: Desk) -> tuple[tuple[DraftStep, ...], list[Blocked]]:
        from agent.planning.playbook import playbook_journey

        if cohort in self.journeys:
            steps = {step.template: step for step in map(_read, self.journeys[cohort])}
        else:
            steps = {step.template: step for step in playbook_journey(cohort, desk.brief, desk.context)[0]}
        wrong = [_absent(cohort, name, tuple(steps)) for name in self.drop.get(cohort, ()) if name not in steps]
        for name in self.drop.get(cohort, ()):
            steps.pop(name, None)
        for step in map(_read, self.add.get(cohort, ())):
            steps[step.template] = step
        return tuple(steps.values()), wrong


def _read(text: str) -> DraftStep:
    return DraftStep.model_validate(text)


def _absent(cohort: str, name: str, known: tuple[str, ...]) -> Blocked:
    return Blocked(
        rule="toolbox",
        code="not_in_journey",
        message=f"Remove {name} from drop.{cohort}; it is not in that journey, so it cannot be dropped.",
        path=f"drop.{cohort}.{name}",
        limit=", ".join(known[-8:]),
        actual=name,
    )


def _per_cohort(description: str) -> dict[str, Any]:
    texts = {"type": "array", "items": {"type": "string"}}
    return {"type": "object", "description": description, "properties": dict.fromkeys(COHORTS, texts)}


FEW_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "drop": _per_cohort("steps to take out"),
        "add": _per_cohort("steps to put in, copied from others"),
        "note": {"type": "string"},
    },
    "required": ["title", "note"],
}
"""The least a draft can say, for small language models."""
FULL_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        **FEW_SCHEMA["properties"],
        "journeys": _per_cohort("whole journeys instead of drop and add"),
        "offers": {
            "type": "array",
            "description": "only to change figures; steps call them by id",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "kind": {"type": "string"},
                    "amount_minor": {"type": "integer"},
                    "rate": {"type": "number"},
                    "factor": {"type": "integer"},
                    "min_spend_minor": {"type": "integer"},
                },
                "required": ["id", "kind"],
            },
        },
        "buckets": {"type": "object", "description": "budget shares that sum to 1"},
        "holdout_rate": {"type": "number"},
    },
    "required": ["title", "note"],
}
"""The whole draft. What is sent is validated by `DraftArguments`, never by these."""
