"""Plans: draft, list, show, compare, check, price, explain, go live."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter
from pydantic import Field

from agent.guardrails import RuleVerdict
from agent.learning.learning import Learned
from agent.planning.outcome import Drafted, Refused
from agent.planning.price import PlanPrice
from agent.planning.scorecard import ScoreLine
from agent.planning.what_if import WhatIf
from agent.tick.go_live import GoneLive
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import (
    learning,
    part_holdouts,
    plan_checks,
    plan_edits,
    plan_files,
    plans,
    recipients,
    sends,
    step_looks,
    targets,
)
from memory.domain.approval import PlanStatus
from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.message_target import MessageTarget, TargetMetric
from memory.domain.outcome import Blocked, Stopped
from memory.domain.part_holdout import Part
from memory.domain.plan import Plan
from memory.store.plans import StoredPlan

router = APIRouter(prefix="/api/plans", tags=["plan"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
ID = r"^[0-9a-f]{8,64}$"
PlanId = Annotated[str, PathParameter(pattern=ID, description="The plan's id, or its first 8 digits or more.")]
OtherId = Annotated[str, Query(pattern=ID, description="The other plan.")]
Language = Annotated[plans.SpokenLanguage, Query(description="Language of the words.")]

StepId = Annotated[str, PathParameter(max_length=64, description="The step's id.")]
CopyLanguage = Annotated[
    str, Query(pattern="^([a-z]{2})?$", description="Language of the words shown; the most read one where none.")
]


class PlanText(Frozen):
    """A plan as text."""

    text: str
    """Its YAML."""


class PlanFile(Frozen):
    """An exported plan."""

    text: Annotated[str, Field(max_length=plan_files.MAX_CHARS)]
    """Its YAML or JSON."""
    against: Annotated[str, Field(pattern=r"^([0-9a-f]{8,64})?$")] = ""
    """A plan to compare it with."""
    keep: bool = False
    """Whether it is stored as a draft; a guardrail that does not hold refuses it."""


class Wish(Frozen):
    """What a plan is to be drafted from."""

    brief: Brief = Brief()
    """The marketer's wishes; guardrails always win over them."""
    planner: plans.PlannerKind = "playbook"
    """Who drafts."""
    language: plans.SpokenLanguage = "en"
    """Language of the title and note."""


class Draft(Frozen):
    """How drafting ended."""

    outcome: Drafted | Refused | Stopped
    """The stored plan with its price, every reason why there is none, or a safe stop."""
    plan_id: str
    """The stored plan's id; empty where there is none."""
    session_id: str
    """The session that recorded it."""


class Words(Frozen):
    """An explanation."""

    path: str
    """What it is about."""
    words: str
    """Why it is there."""


class Targets(Frozen):
    """Which shares of a step's messages, or of a kind's, are hoped for."""

    message: Annotated[str, Field(max_length=64)]
    """A step's id, or a kind of message."""
    rates: dict[TargetMetric, float]
    """The share of the messages that left, per metric; 0 takes a target away."""


class WithheldPart(Frozen):
    """A journey or step and the share of its people who are to get all of the plan but it."""

    part: Part
    """Whether a journey or a step."""
    part_id: Annotated[str, Field(max_length=64)]
    """Its id within the plan; a journey's cohort will do."""
    rate: Annotated[float, Field(ge=0, le=0.5)]
    """The share; 0 takes the holdout away."""


@router.post("")
def draft(acting: Annotated[Acting, Depends(needs("plan"))], body: Wish) -> Draft:
    """Draft a plan in a recorded session; a refusal is an answer with every reason, not an error."""
    outcome, session_id = plans.draft(acting, body.brief, body.planner, body.language)
    plan_id = outcome.stored.plan.id if isinstance(outcome, Drafted) else ""
    return Draft(outcome=outcome, plan_id=plan_id, session_id=session_id)


@router.get("")
def list_plans(acting: Reading, status: PlanStatus | None = None) -> list[plans.ListedPlan]:
    """List the shop's plans, newest first."""
    return list(plans.list_plans(acting, status))


@router.post("/check")
def check(acting: Reading, body: Plan) -> list[Blocked]:
    """Check a plan against every guardrail in force; an empty list means all hold."""
    return list(plans.check(acting, body))


@router.get("/lessons")
def list_lessons(acting: Reading, language: Language = "en") -> list[learning.ShownLesson]:
    """Say what the shop's measured plans taught, each with its interval; the next plans are drafted with it."""
    return list(learning.lessons(acting, language))


@router.post("/{plan_id}/lessons")
def learn(acting: Annotated[Acting, Depends(needs("plan"))], plan_id: PlanId) -> Learned:
    """Read the final lift of a plan that is over and keep what it taught; workers do so by themselves."""
    return learning.learn(acting, plan_id)


@router.post("/import")
def import_(acting: Annotated[Acting, Depends(needs("plan"))], body: PlanFile) -> plan_files.ImportTrial:
    """Look at an exported plan: guardrails, and how it differs from another; with `keep` also store it as a draft."""
    trial = plan_files.try_import(acting, body.text, body.against)
    if body.keep:
        plan_files.keep_import(acting, body.text)
    return trial


@router.get("/{plan_id}")
def show(acting: Reading, plan_id: PlanId) -> StoredPlan:
    """Give a plan and where it stands."""
    return plans.get(acting, plan_id)


@router.get("/{plan_id}/diff")
def diff(acting: Reading, plan_id: PlanId, other: OtherId, language: Language = "en") -> list[plans.Difference]:
    """Say what differs between this plan and the other one."""
    return list(plans.compare(acting, plan_id, other, language))


@router.get("/{plan_id}/price")
def price(acting: Reading, plan_id: PlanId) -> PlanPrice:
    """Say what a plan costs and whom it touches."""
    return plans.price(acting, plan_id)


@router.get("/{plan_id}/checks")
def checks(acting: Reading, plan_id: PlanId) -> tuple[RuleVerdict, ...]:
    """Say of every guardrail in force whether the plan keeps it, and how much room it leaves."""
    return plan_checks.checks(acting, plan_id)


@router.get("/{plan_id}/radius")
def radius(acting: Reading, plan_id: PlanId) -> plan_checks.BlastRadius:
    """Say whom a plan touches at most: people, messages, markets, channels and money."""
    return plan_checks.blast_radius(acting, plan_id)


@router.get("/{plan_id}/steps/{step_id}")
def step(
    acting: Reading, plan_id: PlanId, step_id: StepId, language: CopyLanguage = "", reader: Language = "en"
) -> step_looks.StepLook:
    """Give a step's audience, exact words per channel in one language, their gloss, and what a text message costs."""
    return step_looks.look_at_step(acting, plan_id, step_id, language, reader)


@router.get("/{plan_id}/steps/{step_id}/people")
def step_people(acting: Reading, plan_id: PlanId, step_id: StepId) -> tuple[recipients.Recipient, ...]:
    """Give people of the step's cohort by pseudonym: those at the edges, and some drawn evenly."""
    return recipients.recipients(acting, plan_id, step_id)


@router.post("/{plan_id}/trial")
def trial(
    acting: Annotated[Acting, Depends(needs("plan"))], plan_id: PlanId, body: Brief, language: Language = "en"
) -> plan_edits.Trial:
    """Say what other wishes would make of the plan; nothing is kept."""
    return plan_edits.try_edit(acting, plan_id, body, language)


@router.get("/{plan_id}/yaml")
def yaml(acting: Reading, plan_id: PlanId) -> PlanText:
    """Give a plan as YAML that `/api/plans/import` reads back to the same id."""
    return PlanText(text=plan_files.to_yaml(acting, plan_id))


@router.get("/{plan_id}/what-if")
def what_if(
    acting: Reading,
    plan_id: PlanId,
    budget: Annotated[str | None, Query(max_length=20, description="The plan's money, such as 3000.00.")] = None,
    promotional_cap: Annotated[int | None, Query(ge=0, le=100, description="Messages per person and window.")] = None,
    min_margin_rate: Annotated[float | None, Query(ge=-1, le=1, description="Margin floor.")] = None,
    min_price_ratio: Annotated[float | None, Query(ge=0, le=1, description="Price floor.")] = None,
    holdout_rate: Annotated[float | None, Query(ge=0, le=0.5, description="Share of people withheld.")] = None,
) -> WhatIf:
    """Say what the plan's promotional messages bring now and under other limits; nothing is changed."""
    return plans.what_if(
        acting,
        plan_id,
        budget,
        promotional_cap=promotional_cap,
        min_margin_rate=min_margin_rate,
        min_price_ratio=min_price_ratio,
        holdout_rate=holdout_rate,
    )


@router.get("/{plan_id}/scorecard")
def score(acting: Reading, plan_id: PlanId) -> tuple[ScoreLine, ...]:
    """Give one line each for speed, real-time data, intent moments, value beyond price and coming back."""
    return plans.score(acting, plan_id)


@router.get("/{plan_id}/why")
def explain(
    acting: Reading,
    plan_id: PlanId,
    path: Annotated[str, Query(max_length=200, description="A step, an offer, a cohort, budget, holdout or goal.")],
    language: Language = "en",
) -> Words:
    """Say why something is in a plan."""
    return Words(path=path, words=plans.explain(acting, plan_id, path, language))


@router.get("/{plan_id}/holdouts")
def holdouts(acting: Reading, plan_id: PlanId) -> tuple[part_holdouts.ShownPart, ...]:
    """List the journeys and steps that are withheld from treated people, with what each can show."""
    return part_holdouts.parts(acting, plan_id)


@router.put("/{plan_id}/holdouts")
def set_holdout(
    acting: Annotated[Acting, Depends(needs("guardrail"))], plan_id: PlanId, body: WithheldPart
) -> tuple[part_holdouts.ShownPart, ...]:
    """Withhold a share of the treated people from one journey or step; refused once the plan began to run."""
    return part_holdouts.set_part(acting, plan_id, body.part, body.part_id, body.rate)


@router.get("/{plan_id}/targets")
def message_targets(acting: Reading, plan_id: PlanId) -> tuple[MessageTarget, ...]:
    """List which shares of the plan's messages are hoped to be opened, clicked or followed by an order."""
    return targets.targets(acting, plan_id)


@router.put("/{plan_id}/targets")
def set_message_targets(
    acting: Annotated[Acting, Depends(needs("plan"))], plan_id: PlanId, body: Targets
) -> tuple[MessageTarget, ...]:
    """Set targets of a step or of a kind of message; diagnostics, they decide nothing."""
    return targets.set_targets(acting, plan_id, body.message, body.rates)


@router.post("/{plan_id}/live")
def go_live(acting: Annotated[Acting, Depends(needs("dispatch"))], plan_id: PlanId, staged: bool = False) -> GoneLive:
    """Freeze an approved plan's cohorts, assign the control group and let it run; staged, it reaches few first."""
    return sends.go_live(acting, plan_id, is_staged=staged)
