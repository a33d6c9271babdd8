"""Only allowed channels, and none the brief excludes for a market or altogether."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import Limits, RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class ChannelsRule(RuleBase):
    """Channels that may be used."""

    id = "channels"
    columns = ("channel", "market")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a step on a channel that the guardrails or the brief shut."""
        allowed = [each for each in guardrails.channels if each not in plan.brief.excluded_channels]
        return tuple(
            self.reason(
                "channel_not_allowed",
                f"{step.id} uses {channel}; allowed are {', '.join(allowed) or 'none'}.",
                path=step_path(journey.cohort, step.id),
                limit=", ".join(allowed),
                actual=channel,
            )
            for journey in plan.journeys
            for step in journey.steps
            for channel in (*step.channels, *((step.fallback.channel,) if step.fallback else ()))
            if step.owner == "us" and channel not in allowed
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows on shut channels, in the markets they are shut in."""
        allowed = [each for each in limits.guardrails.channels if each not in limits.brief.excluded_channels]
        shut = ~candidates.channel.isin(allowed)
        for market, channel in limits.brief.excluded:
            shut = shut | ((candidates.market == market) & (candidates.channel == channel))
        return shut


RULE = ChannelsRule()
