"""Checking a plan and guarding candidates: every rule is asked, every reason is kept, nothing is clipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memory.domain.brief import Brief
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .facts import PlanFacts
from .registry import RULES
from .room import RuleVerdict
from .rule import Limits, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

NO_RULE = "no_rule"
"""The reason of a row that no rule judged: nothing matched means blocked."""


def check_plan(
    plan: Plan, guardrails: Guardrails, facts: PlanFacts, rules: Sequence[Rule] = RULES
) -> tuple[Blocked, ...]:
    """Give every reason of every rule why the plan may not go on; an empty tuple where it may.

    Without rules a plan is blocked: silence is no permission.
    """
    if not rules:
        return (Blocked(rule=NO_RULE, code=NO_RULE, message="No guardrail judged the plan, so it may not go on."),)
    return tuple(reason for rule in rules for reason in rule.check_plan(plan, guardrails, facts))


def judge_plan(
    plan: Plan, guardrails: Guardrails, facts: PlanFacts, rules: Sequence[Rule] = RULES
) -> tuple[RuleVerdict, ...]:
    """Give what every rule says of a plan, in order of the registry: its reasons, and how much room it leaves."""
    return tuple(
        RuleVerdict(
            rule=rule.id,
            reasons=rule.check_plan(plan, guardrails, facts),
            room=tuple(sorted(rule.room(plan, guardrails, facts), key=lambda one: (one.unit, one.left_number))),
        )
        for rule in rules
    )


def guard(
    candidates: ir.Table,
    guardrails: Guardrails,
    *,
    markets: Sequence[Market],
    brief: Brief | None = None,
    rules: Sequence[Rule] = RULES,
) -> ir.Table:
    """Add `allowed: bool` and `reasons: array<string>` to rows of `CANDIDATES_SCHEMA`; all reasons are kept.

    `markets` are the shop's known markets (`load_markets().all()` at assembly); rows of any other market are held
    back from promotion. A predicate that comes out null blocks.
    """
    import ibis

    limits = Limits(guardrails=guardrails, markets=tuple(markets), brief=brief or Brief())
    judged = [(rule.id, verdict) for rule in rules if (verdict := rule.blocked(candidates, limits)) is not None]
    if not judged:
        reasons = ibis.array([ibis.literal(NO_RULE)])
        return candidates.mutate(allowed=ibis.literal(False), reasons=reasons)
    marks = {f"_{name}": verdict.fill_null(True) for name, verdict in judged}
    marked = candidates.mutate(**marks)
    named = [ibis.ifelse(marked[f"_{name}"], ibis.literal(name), ibis.literal("")) for name, _ in judged]
    allowed = ~_any([marked[mark] for mark in marks])
    found = ibis.array(named).filter(_is_named)
    return marked.mutate(allowed=allowed, reasons=found).drop(*marks)


def _any(verdicts: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    total = verdicts[0]
    for verdict in verdicts[1:]:
        total = total | verdict
    return total


def _is_named(name: ir.StringValue) -> ir.BooleanValue:
    return name != ""
