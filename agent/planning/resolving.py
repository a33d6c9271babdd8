"""From draft steps to planned steps: the catalogue, the dates and the brief's wishes applied, every mistake named."""

from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.market import Channel
from memory.domain.outcome import Blocked

from .catalogue import CATALOGUE, StepTemplate, template_of
from .context import PlanContext
from .dates import day_on, playbook_day
from .draft import DraftStep, PlanDraft
from .journeys import playbook_journey
from .library import carries, content_of, misnamed
from .offering import PlannedStep

Resolved = tuple[tuple[PlannedStep, ...], dict[str, str], tuple[Blocked, ...]]
"""Steps, what is left out with the reason, and every mistake of the draft."""


def resolve(draft: PlanDraft, brief: Brief, context: PlanContext) -> Resolved:
    """Give all planned steps by cohort and day; a cohort the draft doesn't name gets the playbook's journey."""
    steps: list[PlannedStep] = []
    left_out = dict(draft.left_out)
    reasons: list[Blocked] = []
    for cohort in COHORTS:
        rows = draft.journeys.get(cohort)
        if rows is None:
            rows, missing = playbook_journey(cohort, brief, context)
            left_out |= missing
        wishes, found, wrong = _journey(cohort, rows, brief, context)
        steps.extend(sorted(found, key=_by_day))
        left_out |= wishes
        reasons.extend(wrong)
    return tuple(steps), left_out, tuple(reasons)


def channels_of(step: PlannedStep, brief: Brief, context: PlanContext) -> tuple[Channel, ...]:
    """Give the channels a step may use: the draft's or the template's, less those the brief or guardrails shut."""
    wanted = step.draft.channels or step.template.channels
    if (item := content_of(step.draft.content, context)) is not None:
        wanted = tuple(channel for channel in wanted if carries(item, channel))
    if step.draft.channels is None:
        wanted = tuple(channel for channel in wanted if channel in context.guardrails.channels)
    return tuple(channel for channel in wanted if channel not in brief.excluded_channels)


def _journey(
    cohort: CohortId, rows: tuple[DraftStep, ...], brief: Brief, context: PlanContext
) -> tuple[dict[str, str], list[PlannedStep], list[Blocked]]:
    left_out: dict[str, str] = {}
    found: list[PlannedStep] = []
    wrong: list[Blocked] = []
    for position, row in enumerate(rows):
        path = f"journeys.{cohort}.{position}"
        template = template_of(row.template)
        step = _unknown(row, path) if template is None else _planned(cohort, template, row, brief, context, path)
        if isinstance(step, Blocked):
            wrong.append(step)
        elif any(step.id == other.id for other in found):
            wrong.append(_twice(step, path))
        elif (wish := _unwanted(step, brief, context)) is not None:
            left_out[step.id] = wish
        else:
            found.append(step)
    return left_out, found, wrong


def _planned(
    cohort: CohortId, template: StepTemplate, row: DraftStep, brief: Brief, context: PlanContext, path: str
) -> PlannedStep | Blocked:
    if (wrong := misnamed(template, row.content, context, path)) is not None:
        return wrong
    step_id = f"{cohort}.{template.id}"
    wanted = brief.moved_steps.get(step_id, row.day)
    day = wanted
    if day is None:
        day = playbook_day(template, template.days.get(cohort, 21), context.anchor_on)
    if day is None:
        return Blocked(
            rule="dates",
            code="out_of_season",
            message=f"No day of the plan falls in the season of {template.id}; leave it out.",
            path=path,
        )
    return PlannedStep(
        id=step_id, cohort=cohort, template=template, day=day, due_on=day_on(context.anchor_on, day), draft=row
    )


def _unwanted(step: PlannedStep, brief: Brief, context: PlanContext) -> str | None:
    """Why the brief takes a step out, none where it doesn't."""
    if step.id in brief.removed_steps:
        return "removed by the marketer"
    if step.template.kind in brief.excluded_kinds:
        return f"the brief leaves out {step.template.kind}"
    if not channels_of(step, brief, context):
        return "all of its channels are excluded"
    return None


def _unknown(row: DraftStep, path: str) -> Blocked:
    return Blocked(
        rule="known",
        code="unknown_template",
        message=f"There is no step template {row.template!r}; choose one of the catalogue.",
        path=path,
        limit=", ".join(template.id for template in CATALOGUE),
        actual=row.template,
    )


def _twice(step: PlannedStep, path: str) -> Blocked:
    return Blocked(
        rule="duplicates",
        code="step_twice",
        message=f"{step.id} is in the journey twice; keep one.",
        path=path,
        actual=step.id,
    )


def _by_day(step: PlannedStep) -> tuple[int, str]:
    return step.day, step.template.id
