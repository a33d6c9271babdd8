"""The twenty briefs: what a marketer types in English and Chinese, and what has to hold in the plan that comes back."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from agent.planning.changes import apply_all, parse
from agent.planning.context import PlanContext
from memory.domain.base import Frozen, MinorUnits, Rate
from memory.domain.brief import Brief
from memory.domain.cohort import CohortId
from memory.domain.errors import SecondOrderError
from memory.domain.market import Channel, CountryCode, Language
from memory.domain.message import MESSAGE_CLASS, MessageKind
from memory.domain.plan import Plan

FILE = Path(__file__).parent / "briefs.yaml"
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class UnknownTask(SecondOrderError):
    """{name} is no task; name some of {known} with commas between, or `all`."""

    http_status = 422


class Floor(Frozen):
    """What holds where a wish is not refused outright."""

    holdout_at_least: Rate
    """Smallest control group."""


class Must(Frozen):
    """What has to hold in the result; what is not named is free."""

    holdout_rate: Rate | None = None
    """Exactly this control group."""
    max_budget_minor: MinorUnits | None = None
    """At most this budget."""
    no_channels: tuple[Channel, ...] = ()
    """Channels no step may use."""
    no_channels_in: tuple[tuple[CountryCode, Channel], ...] = ()
    """Channels the brief shuts in a market."""
    no_kinds: tuple[MessageKind, ...] = ()
    """Kinds of message that may not be there."""
    early_access: CohortId | None = None
    """The cohort that buys first."""
    priority: CohortId | None = None
    """The cohort the money goes to first."""
    app_priority: bool = False
    """Whether the app has to matter."""
    max_discount_rate: Rate | None = None
    """No offer may be worth more."""
    classes_kept: bool = False
    """Every message has the class of its kind."""
    refused_or: Floor | None = None
    """No plan at all is right as well; otherwise this holds."""


class Task(Frozen):
    """One brief."""

    id: str
    """Its name."""
    level: Literal["plain", "odd", "hostile"]
    """How hard."""
    en: str
    """What is typed in English."""
    zh: str
    """The same in Chinese."""
    must: Must
    """What has to hold."""

    def brief(self, language: Language, context: PlanContext) -> Brief:
        """Read the text as chat does without a language model; what nobody understands becomes a note."""
        read = parse(self.zh if language == "zh" else self.en, context)
        return apply_all(Brief(), read.changes).model_copy(update={"notes": read.unknown})


@cache
def every_task() -> tuple[Task, ...]:
    """Read the twenty briefs once."""
    return tuple(Task.model_validate(row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def tasks_named(names: str) -> tuple[Task, ...]:
    """Give the tasks of a list with commas, or all of them; raise `UnknownTask` for any other word."""
    known = {task.id: task for task in every_task()}
    wanted = list(known) if names == "all" else list(dict.fromkeys(name.strip() for name in names.split(",")))
    for name in wanted:
        if name not in known:
            raise UnknownTask(name=name or "nothing", known=", ".join(known))
    return tuple(known[name] for name in wanted)


def broken(must: Must, plan: Plan | None) -> tuple[str, ...]:
    """Give which of the things that must hold do not; a missing plan breaks whatever a refusal is no answer to."""
    if plan is None:
        return () if must.refused_or else ("plan",)
    channels = {channel for step in plan.steps() if step.owner == "us" for channel in step.channels}
    kinds = {step.kind for step in plan.steps()}
    first = plan.brief.early_access_first[:1]
    floor = must.refused_or.holdout_at_least if must.refused_or else 0.0
    most = must.max_discount_rate
    wrong = {
        "holdout_rate": must.holdout_rate not in (None, plan.holdout.rate),
        "max_budget_minor": plan.budget.total.amount_minor > (must.max_budget_minor or 10**15),
        "no_channels": bool(channels & set(must.no_channels)),
        "no_channels_in": not set(must.no_channels_in) <= set(plan.brief.excluded),
        "no_kinds": bool(kinds & set(must.no_kinds)),
        "early_access": must.early_access is not None and first != (must.early_access,),
        "priority": must.priority is not None and plan.brief.priority[:1] != (must.priority,),
        "app_priority": must.app_priority and not plan.brief.app_priority,
        "max_discount_rate": most is not None and any(offer.discount_rate > most for offer in plan.offers),
        "classes_kept": must.classes_kept
        and any(step.message_class != MESSAGE_CLASS[step.kind] for step in plan.steps()),
        "refused_or": plan.holdout.rate < floor,
    }
    return tuple(name for name, is_wrong in wrong.items() if is_wrong)
