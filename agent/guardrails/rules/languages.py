"""Copy goes out in allowed languages only; there is no silent fallback (S2-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import Limits, RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class LanguagesRule(RuleBase):
    """Languages copy may be sent in."""

    id = "languages"
    columns = ("language",)

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a plan that names a language nobody allowed."""
        allowed = ", ".join(guardrails.languages)
        return tuple(
            self.reason(
                "language_not_allowed",
                f"The plan has copy in {language!r}; allowed are {allowed}.",
                path="languages",
                limit=allowed,
                actual=language,
            )
            for language in plan.languages
            if language not in guardrails.languages
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block people whose language is not allowed, or not asked for where the brief names languages."""
        allowed = limits.brief.languages or limits.guardrails.languages
        return ~candidates.language.isin([each for each in allowed if each in limits.guardrails.languages])


RULE = LanguagesRule()
