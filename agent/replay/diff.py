"""Two sessions side by side: which parts of the plan and which decisions differ, and what differed first."""

from agent.planning.differences import describe_difference, diff
from agent.sessions.bundle import Bundle
from memory.domain.base import Frozen
from memory.domain.plan import Plan

from .causes import Cause, CauseName, causes
from .compared import DecisionDiff, compare_decisions
from .run import ended, plan_of

MAX_LISTED = 20


class PlanPart(Frozen):
    """One part of the plan that differs."""

    kind: str
    """What kind of thing."""
    path: str
    """Where it sits."""
    before: str
    """As it was."""
    after: str
    """As it is."""
    words: str
    """The same in one sentence."""


class SessionDiff(Frozen):
    """The difference of two sessions."""

    session_a: str
    """The first session."""
    session_b: str
    """The second one, or the first one with a variant."""
    first_cause: CauseName | None = None
    """The first input that differs, in the order they are read; none where nothing changed."""
    causes: tuple[Cause, ...] = ()
    """Every input that differs, in that order."""
    is_changed: bool = False
    """Whether plan, end or decisions differ."""
    end_a: str
    """`plan`, the code of a safe stop, or `nothing`."""
    end_b: str
    """How the second one ends."""
    plan_a: str = ""
    """The last plan's id; empty for none."""
    plan_b: str = ""
    """The last plan's id of the second one."""
    parts: tuple[PlanPart, ...] = ()
    """What differs between the plans."""
    decisions: DecisionDiff | None = None
    """What differs between the decisions; none where one of them holds none."""
    notes: tuple[str, ...] = ()
    """What limits the comparison, in codes with their figures."""


def session_diff(one: Bundle, other: Bundle, *, language: str = "en", limit: int = MAX_LISTED) -> SessionDiff:
    """Compare two verified sessions; `limit` bounds the decisions that are listed, not those that are counted.

    The first cause is the first differing input, not a proof: `--with` replays one change alone. Where outcomes differ
    although every recorded input is equal, only the code is left.
    """
    plans = plan_of(one.stored.events), plan_of(other.stored.events)
    ends = ended(one.stored.events), ended(other.stored.events)
    decisions = None
    if one.decisions is not None and other.decisions is not None:
        decisions = compare_decisions(one.decisions.decided, other.decisions.decided, limit)
    ids = [plan.id if plan else "" for plan in plans]
    is_changed = ids[0] != ids[1] or ends[0] != ends[1] or (decisions is not None and decisions.n_different > 0)
    found = causes(one, other)
    if is_changed and not found:
        found = (Cause(name="code", before="unknown", after="unknown"),)
    return SessionDiff(
        session_a=one.stored.head.id,
        session_b=other.stored.head.id,
        first_cause=found[0].name if is_changed else None,
        causes=found,
        is_changed=is_changed,
        end_a=ends[0],
        end_b=ends[1],
        plan_a=ids[0],
        plan_b=ids[1],
        parts=_parts(plans[0], plans[1], language),
        decisions=decisions,
        notes=() if decisions is not None else ("decisions_not_bundled",),
    )


def _parts(one: Plan | None, other: Plan | None, language: str) -> tuple[PlanPart, ...]:
    if one is None or other is None:
        return ()
    return tuple(PlanPart(**each.model_dump(), words=describe_difference(each, language)) for each in diff(one, other))
