"""The desk a planner works at: the brief, the gathered facts, and the only door out, a composed and checked plan."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agent.planning.context import PlanContext
from agent.planning.draft import PlanDraft
from memory.domain.base import Count, Frozen, Rate
from memory.domain.brief import Brief
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, PlannerRef
from memory.domain.segment import SegmentRule


class ProductPair(Frozen):
    """Two articles bought by the same people."""

    first_title: str
    """Title of the article bought first or in the same order (untrusted text)."""
    second_title: str
    """Title of the other (untrusted text)."""
    first_category: str = ""
    """Category of the first."""
    second_category: str = ""
    """Category of the other."""
    n_people: Count
    """People who bought both: the support."""
    confidence_rate: Rate
    """Share of the first article's buyers who bought the other."""


class RepeatPoint(Frozen):
    """How many first buyers had bought again some days later."""

    within_days: Count
    """Days after the first order."""
    repeat_rate: Rate
    """Share who had bought again."""


class SegmentFact(Frozen):
    """A ready-made segment with its size."""

    id: str
    """Its id."""
    title: dict[str, str]
    """Its title per language."""
    n_people: Count
    """How many belong to it."""


class Extras(Frozen):
    """Aggregates for the tools beyond what a plan is composed from; gathered once, recorded with the session."""

    pairs: tuple[ProductPair, ...] = ()
    """Articles bought together, most people first."""
    repeat_curve: tuple[RepeatPoint, ...] = ()
    """When first buyers came back."""
    segments: tuple[SegmentFact, ...] = ()
    """Segments the shop keeps."""


@dataclass(frozen=True)
class Desk:
    """Everything a tool may look at. No store, no channel, no network: a tool cannot do more than answer."""

    brief: Brief
    """What was asked for."""
    context: PlanContext
    """The gathered facts and the guardrails."""
    planner: PlannerRef
    """Who drafts."""
    extras: Extras = field(default_factory=Extras)
    """Further aggregates."""
    size: Callable[[SegmentRule], int] | None = None
    """Counts the people of a rule; none where no facts are open."""
    recall: Callable[[str], tuple[tuple[str, str], ...]] | None = None
    """Finds lessons and brand voice: text and source; none where nothing is remembered."""

    def compose(self, draft: PlanDraft) -> Plan | tuple[Blocked, ...]:
        """Give the plan a draft makes, or every reason why it may not be one."""
        from agent.guardrails import check_plan
        from agent.planning.compose import compose

        plan = compose(draft, self.brief, self.context, self.planner)
        if isinstance(plan, tuple):
            return plan
        return check_plan(plan, self.context.guardrails, self.context) or plan
