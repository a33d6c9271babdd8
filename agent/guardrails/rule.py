"""What every guardrail rule looks like: a check of a plan and a columnar predicate over candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from memory.domain.base import Frozen
from memory.domain.brief import Brief
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .facts import PlanFacts
from .room import Room

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Limits(Frozen):
    """What the columnar face of a rule may look at beside the rows."""

    guardrails: Guardrails
    """The limits in force."""
    markets: tuple[Market, ...] = ()
    """Markets with their legal hours; a row of another market is blocked by the hours rule."""
    brief: Brief = Brief()
    """The plan's brief: what the marketer excluded."""


class Rule(Protocol):
    """One guardrail: one file, one line in the registry, one test file."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Facts its plan check reads."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Candidate columns its predicate reads."""
        ...

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Give every reason why the plan breaks the rule; none where it keeps it."""
        ...

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give how much is left until the rule blocks, at its tightest places; none where it has no figure."""
        ...

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue | None:
        """Give where a row breaks the rule; none where the rule says nothing about rows.

        A null is a block: what cannot be told is not allowed.
        """
        ...


class RuleBase:
    """A rule that says nothing until a face is written."""

    id: str = ""
    needs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Give no reason."""
        return ()

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Name no figure."""
        return ()

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue | None:
        """Say nothing about rows."""
        return None

    def reason(self, code: str, message: str, *, path: str = "", limit: object = "", actual: object = "") -> Blocked:
        """Give one reason of this rule."""
        return Blocked(rule=self.id, code=code, message=message, path=path, limit=str(limit), actual=str(actual))


def step_path(cohort: str, step_id: str) -> str:
    """Give where a step sits in a plan, as a dotted path."""
    return f"journeys.{cohort}.steps.{step_id}"


def is_push(candidates: ir.Table) -> ir.BooleanValue:
    """Give the rows that reach out to a person; a page is only seen by who opens it (trap 1)."""
    return candidates.channel != "onpage"
