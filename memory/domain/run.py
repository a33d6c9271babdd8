"""Runs and the schedules that start them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from .base import Count, Frozen, Instant, ShopId

RunKind = Literal["tick", "plan"]
RunStatus = Literal["running", "waiting", "finished", "stopped"]
Every = Literal["hour", "day", "week", "month", "year", "data"]
DecidedBy = Literal["", "agent", "human"]


class Schedule(Frozen):
    """When something runs by itself. Each of its slots fires once."""

    id: str
    """Its id."""
    shop_id: ShopId
    """Whose."""
    kind: RunKind
    """`tick` decides what is due; `plan` drafts a plan and takes it as far as its autonomy level lets it."""
    every: Every
    """How often; `data` is a trigger: once for each new version of the facts."""
    local_minute: Annotated[int, Field(ge=0, le=1439)] = 0
    """Minute of the local day; in an hourly schedule the minute of the hour."""
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    """Day of a weekly schedule, Monday is 0."""
    day: Annotated[int, Field(ge=1, le=31)] = 1
    """Day of a monthly or yearly one; the last day where a month is shorter, hence 28 February for the 29th."""
    month: Annotated[int, Field(ge=1, le=12)] = 1
    """Month of a yearly one."""
    zone: str
    """IANA zone of the local day."""
    brief: dict[str, Any] = {}
    """What a plan is drafted from, as the JSON of a brief."""
    planner: Literal["playbook", "llm"] = "playbook"
    """Who drafts."""
    created_by: str
    """The person who set it up; counts as someone who touched what it drafts."""
    created_at: Instant
    """When; earlier slots never fire."""
    is_active: bool = True
    """Whether it still fires."""


class Run(Frozen):
    """One slot of a schedule, or one start by hand, and how far it got. Rows like this are the truth; messages wake."""

    id: str
    """Its id: the same for everyone who fires the same slot."""
    shop_id: ShopId
    """Whose."""
    kind: RunKind
    """What it does."""
    schedule_id: str
    """What fired it; empty for a start by hand."""
    slot: str
    """The slot's name, unique within the schedule."""
    slot_at: Instant
    """The slot's instant."""
    n_missed: Count = 0
    """Earlier slots that it stands in for because nobody was there to fire them."""
    turn: Annotated[int, Field(ge=1)] = 1
    """Raised whenever it is taken up anew."""
    status: RunStatus = "running"
    """Where it stands; `waiting` means at a gate."""
    reason: str = ""
    """Why it waits or stopped, as a stable name."""
    message: str = ""
    """The same in a sentence."""
    plan_id: str = ""
    """The plan it drafted."""
    approval_id: str = ""
    """The request it waits for, or was let through by."""
    grant_id: str = ""
    """The autonomy grant that let it through."""
    decided_by: DecidedBy = ""
    """Who decided that it goes on."""
    started_at: Instant
    """When it began."""
    ended_at: Instant | None = None
    """When it ended."""


class Worker(Frozen):
    """A process that carries out runs; its name is used once and never again."""

    name: str
    """Its name, also its executor id."""
    version: str
    """The version of the runs it carries out."""
    beat_at: Instant
    """When it last said that it lives."""
