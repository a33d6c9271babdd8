"""Whoever is on a suppression list gets no marketing on that channel; receipts still arrive (D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.rule import Limits, RuleBase, is_push

if TYPE_CHECKING:
    import ibis.expr.types as ir


class SuppressionRule(RuleBase):
    """Must not contact."""

    id = "suppression"
    columns = ("message_class", "channel", "is_suppressed")

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block service and promotional pushes to suppressed addresses."""
        return (candidates.message_class != "transactional") & is_push(candidates) & candidates.is_suppressed


RULE = SuppressionRule()
