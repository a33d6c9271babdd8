"""Editing a plan by its wishes: look at what would change, then keep it as a new draft."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.mistakes import said
from memory.domain.money import Money
from memory.domain.outcome import Blocked

from .acting import Acting
from .plans import Difference, SpokenLanguage, get, worded

if TYPE_CHECKING:
    from agent.planning.outcome import PlanOutcome

PLAIN = (
    "excluded_channels", "excluded_kinds", "removed_steps", "early_access_first", "priority", "app_priority",
    "languages", "notes",
)  # fmt: skip
DATES = ("anchor_on", "peak_from", "peak_until")


class Trial(Frozen):
    """The plan that other wishes would make; nothing is kept."""

    plan_id: str
    """The id it would have; empty where there is none."""
    reasons: tuple[Blocked, ...]
    """Why there is no such plan; none where it may be kept."""
    differences: tuple[Difference, ...]
    """What differs from the plan that stands."""


def wishes(old: Brief, given: Mapping[str, Any]) -> Brief:
    """Give a brief with what a form holds; a field that is not given stays, an empty one takes the wish away.

    Fields are the brief's, but for money and rates as people write them: `budget` is a plain decimal in the currency
    of `currency`, `holdout_percent` a percentage, `goal_metric` and `goal_days` the goal; `excluded` holds
    `"DE sms"` and `moved_steps` `"step-id 12"`, `move_step` and `move_day` one more of those. Raise `InvalidInput`
    that names the field.
    """
    values = {name: given[name] for name in PLAIN if name in given}
    values |= {name: given[name] or None for name in DATES if name in given}
    if "budget" in given:
        text = str(given["budget"] or "").replace(" ", "")
        values["budget"] = Money.parse(text, str(given["currency"])) if text else None
    if "holdout_percent" in given:
        percent = str(given["holdout_percent"] or "").replace("%", "").replace(",", ".").strip()
        values["holdout_rate"] = _number("holdout_percent", percent) / 100 if percent else None
    if "goal_metric" in given:
        days = _number("goal_days", str(given.get("goal_days") or "")) if given.get("goal_days") else 90
        values["goal"] = {**old.goal.model_dump(), "metric": given["goal_metric"], "within_days": days}
    if "excluded" in given:
        values["excluded"] = [str(pair).split(" ", 1) for pair in given["excluded"]]
    values["moved_steps"] = _moved(old, given)
    try:
        return Brief.model_validate({**old.model_dump(), **values})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(what=place, why=said(first), remedy="Correct the field and look again") from None


def _moved(old: Brief, given: Mapping[str, Any]) -> dict[str, Any]:
    moved: dict[str, Any] = dict(old.moved_steps)
    if "moved_steps" in given:
        moved = {name: int(day) for name, day in (str(pair).rsplit(" ", 1) for pair in given["moved_steps"])}
    if given.get("move_step"):
        moved[str(given["move_step"])] = _number("move_day", str(given.get("move_day") or ""))
    return moved


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(what=name, why=f"{text[:40]!r} is no number", remedy="Write digits only") from None


def try_edit(acting: Acting, plan_id: str, brief: Brief, language: SpokenLanguage = "en") -> Trial:
    """Draft by the playbook under other wishes, hold it to every guardrail, and say what differs; keeps nothing."""
    from agent.guardrails import check_plan
    from agent.planning.differences import diff
    from agent.planning.playbook import PlaybookPlanner

    acting.require("plan")
    old = get(acting, plan_id).plan
    known = acting.app.contexts.gather(acting.shop_id, brief)
    made = PlaybookPlanner().plan(brief, known)
    if isinstance(made, tuple):
        return Trial(plan_id="", reasons=made, differences=())
    reasons = check_plan(made, known.guardrails, known)
    return Trial(plan_id="" if reasons else made.id, reasons=reasons, differences=worded(diff(old, made), language))


def keep_edit(
    acting: Acting, plan_id: str, brief: Brief, seen_id: str, language: SpokenLanguage = "en"
) -> "tuple[PlanOutcome, str]":
    """Store the plan of `try_edit` as a draft in a recorded session; gives how it ended and the session's id.

    `seen_id` is the id the trial named: `NotReady` where facts or guardrails moved since and another plan would be
    kept than the one that was looked at. Who touched the old plan counts as having touched the new one.
    """
    from agent.llm.session import draft_in_session

    acting.require("plan")
    old = get(acting, plan_id)
    if try_edit(acting, plan_id, brief, language).plan_id != seen_id:
        raise NotReady(
            what="the edited plan",
            why="facts or guardrails changed since you looked at it",
            remedy="Look at the changes again, then keep them",
        )
    app = acting.app
    return draft_in_session(
        app.store, app.lake, app.clock, app.key, acting.shop_id, brief, acting.principal,
        language=language, context=app.contexts.gather(acting.shop_id, brief), touched_by=old.touched_by,
    )  # fmt: skip
