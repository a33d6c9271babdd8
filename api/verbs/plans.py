"""Plans: draft, list, show, compare, check, price, ask what if, explain, export."""

from functools import partial
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from memory.domain.approval import PlanStatus
from memory.domain.base import Frozen, Instant
from memory.domain.brief import Brief
from memory.domain.errors import InvalidInput, NotFound, NotReady
from memory.domain.mistakes import said
from memory.domain.money import Money
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, RetentionGoal

from .acting import Acting

if TYPE_CHECKING:
    from agent.planning.differences import PlanDifference
    from agent.planning.outcome import PlanOutcome
    from agent.planning.price import PlanPrice
    from agent.planning.scorecard import ScoreLine
    from agent.planning.what_if import WhatIf
    from memory.store.plans import StoredPlan

PlannerKind = Literal["playbook", "llm"]
SpokenLanguage = Literal["en", "zh"]


class ListedPlan(Frozen):
    """One line of the list of plans."""

    plan_id: str
    """The hash of its content."""
    title: str
    """What people call it."""
    status: PlanStatus
    """Where it stands."""
    stage: Literal["post_purchase"]
    """Where it works: after a purchase, always."""
    goals: tuple[RetentionGoal, ...]
    """Which of repeat, clv, loyalty and referral it serves; at least one."""
    created_by: str
    """Who drafted it."""
    created_at: Instant
    """When."""
    session_id: str
    """The session that recorded it; empty for none."""


class Difference(Frozen):
    """One thing that differs between two plans."""

    kind: str
    """What kind of thing."""
    path: str
    """Where it sits."""
    before: str
    """What it was."""
    after: str
    """What it is."""
    words: str
    """The same in a sentence."""


def draft(
    acting: Acting, brief: Brief, planner: PlannerKind = "playbook", language: SpokenLanguage = "en"
) -> tuple["PlanOutcome", str]:
    """Draft a plan in a recorded session; gives how it ended and the session's id.

    Raises `NotReady` where a language model is asked for and none is set up.
    """
    from agent.llm.endpoint import endpoint_of, limits_of, tools_of
    from agent.llm.session import draft_in_session

    from .notes import recalled

    acting.require("plan")
    app = acting.app
    endpoint = endpoint_of(app.settings) if planner == "llm" else None
    if planner == "llm" and endpoint is None:
        raise NotReady(
            what="the language model",
            why="none is set up",
            remedy="Set SECONDORDER_LLM_BASE_URL and SECONDORDER_LLM_MODEL, or plan by the playbook",
        )
    return draft_in_session(
        app.store,
        app.lake,
        app.clock,
        app.key,
        acting.shop_id,
        brief,
        acting.principal,
        endpoint=endpoint,
        limits=limits_of(app.settings),
        tools=tools_of(app.settings),
        language=language,
        recall=partial(recalled, acting),
        context=app.contexts.gather(acting.shop_id, brief),
    )


def score(acting: Acting, plan_id: str) -> "tuple[ScoreLine, ...]":
    """Give a plan's scorecard: one line for each of five qualities, counted from the plan."""
    from agent.planning.scorecard import scorecard

    return scorecard(get(acting, plan_id).plan)


def read_brief(text: str) -> Brief:
    """Read a brief from YAML or JSON; raises `InvalidInput` that names the field."""
    import json

    import yaml

    try:
        return Brief.model_validate_json(json.dumps(yaml.safe_load(text) or {}, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the brief"
        raise InvalidInput(what=place, why=said(first), remedy="See the fields of Brief in /docs") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = str(error).splitlines()[0]
        raise InvalidInput(what="the brief", why=why, remedy="Write it as YAML or JSON") from None


def get(acting: Acting, plan_id: str) -> "StoredPlan":
    """Give a plan by its id or a beginning of it; raises `NotFound`."""
    acting.require("read")
    with acting.app.store.read() as uow:
        stored = uow.plans.get(plan_id)
    acting.own("plan", plan_id, stored.plan.shop_id)
    return stored


def list_plans(acting: Acting, status: PlanStatus | None = None) -> tuple[ListedPlan, ...]:
    """List the shop's plans, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.plans.all(acting.shop_id, status)
    return tuple(
        ListedPlan(
            plan_id=one.plan.id,
            title=one.plan.title,
            status=one.status,
            stage=one.stage,
            goals=one.goals,
            created_by=one.created_by,
            created_at=one.created_at,
            session_id=one.session_id,
        )
        for one in found
    )


def newest_id(acting: Acting) -> str:
    """Give the id of the shop's newest plan; raises `NotFound` where there is none."""
    found = list_plans(acting)
    if not found:
        raise NotFound(kind="plan", id="(newest)")
    return found[0].plan_id


def compare(acting: Acting, old_id: str, new_id: str, language: SpokenLanguage = "en") -> tuple[Difference, ...]:
    """Say what differs between two plans of the shop."""
    from agent.planning.differences import diff

    return worded(diff(get(acting, old_id).plan, get(acting, new_id).plan), language)


def worded(found: "tuple[PlanDifference, ...]", language: SpokenLanguage) -> tuple[Difference, ...]:
    """Give differences with their sentences."""
    from agent.planning.differences import describe_difference

    return tuple(
        Difference(
            kind=one.kind, path=one.path, before=one.before, after=one.after, words=describe_difference(one, language)
        )
        for one in found
    )


def check(acting: Acting, plan: Plan) -> tuple[Blocked, ...]:
    """Check a plan against the guardrails and facts of now; gives every reason why it may not go on."""
    from agent.guardrails import check_plan

    acting.require("read")
    acting.own("plan", plan.id[:12], plan.shop_id)
    known = acting.app.contexts.gather(acting.shop_id, plan.brief)
    return check_plan(plan, known.guardrails, known)


def price(acting: Acting, plan_id: str) -> "PlanPrice":
    """Say what a stored plan costs and whom it touches."""
    from agent.planning.price import price as work_out

    plan = get(acting, plan_id).plan
    return work_out(plan, acting.app.contexts.gather(acting.shop_id, plan.brief))


def what_if(acting: Acting, plan_id: str, budget: str | None = None, **limits: float | None) -> "WhatIf":
    """Say what the plan's promotional messages bring now and under other limits, and what each limit costs.

    `budget` is a plain decimal in the plan's currency, `limits` are the other fields of `AskedLimits`; what is not
    given stays.
    """
    from agent.planning.what_if import AskedLimits
    from agent.planning.what_if import what_if as work_out

    plan = get(acting, plan_id).plan
    money = None if budget is None else Money.parse(budget, plan.budget.total.currency)
    asked = AskedLimits.model_validate({"budget": money, **limits})
    return work_out(plan, acting.app.contexts.gather(acting.shop_id, plan.brief), asked)


def what_if_words(found: "WhatIf", language: SpokenLanguage = "en") -> tuple[str, ...]:
    """Say it in sentences."""
    from agent.planning.what_if_words import what_if_lines

    return what_if_lines(found, language)


def explain(acting: Acting, plan_id: str, path: str, language: SpokenLanguage = "en") -> str:
    """Say why something is in a plan."""
    from agent.planning.explaining import explain as say

    return say(get(acting, plan_id).plan, path, language)


def read_plan(text: str) -> Plan:
    """Read a plan from JSON, such as `plan export` writes; raises `InvalidInput`."""
    try:
        return Plan.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the plan"
        raise InvalidInput(what=place, why=said(first), remedy="Write it with `secondorder plan export`") from None
