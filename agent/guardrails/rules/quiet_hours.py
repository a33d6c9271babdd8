"""Local hours: the shop's quiet hours and the markets' legal hours, Sundays and holidays (S2-09, I4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, above, below, tightest
from agent.guardrails.rule import Limits, RuleBase, is_push, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.market import LegalHours, Market
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, Step

if TYPE_CHECKING:
    import ibis.expr.types as ir


class QuietHoursRule(RuleBase):
    """Nothing but receipts outside the shop's hours, nothing promotional outside a market's legal hours."""

    id = "quiet_hours"
    needs = ("markets",)
    columns = ("message_class", "channel", "market", "zone", "local_minute", "local_weekday", "is_local_holiday")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a step whose minute no day allows; single days and zones are left to the hour of sending."""
        return tuple(
            reason
            for journey in plan.journeys
            for step in journey.steps
            if _is_bound(step)
            for reason in self._outside(journey.cohort, step, guardrails, facts)
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the minutes between a step's hour and the shop's hours, at the step closest to either end."""
        quiet = guardrails.quiet_hours
        steps = [(step_path(journey.cohort, step.id), step.local_minute) for journey in plan.journeys
                 for step in journey.steps if _is_bound(step)]  # fmt: skip
        return tightest(
            [
                room
                for path, minute in steps
                for room in (
                    above(path, "minutes", minute, quiet.opens_minute),
                    below(path, "minutes", minute, quiet.closes_minute - 1),
                )
            ]
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows outside the shop's hours, outside the legal hours, and of markets nothing is known of."""
        minute, quiet = candidates.local_minute, limits.guardrails.quiet_hours
        outside = (minute < quiet.opens_minute) | (minute >= quiet.closes_minute)
        unknown = ~candidates.market.isin([market.country for market in limits.markets])
        illegal = unknown | minute.isnull()
        for market in limits.markets:
            for hours in (*market.legal_hours, *limits.guardrails.legal_hours):
                illegal = illegal | ((candidates.market == market.country) & _closed(candidates, hours))
        promotional = candidates.message_class == "promotional"
        return (candidates.message_class != "transactional") & is_push(candidates) & (outside | (promotional & illegal))

    def _outside(self, cohort: str, step: Step, guardrails: Guardrails, facts: PlanFacts) -> list[Blocked]:
        quiet, found = guardrails.quiet_hours, []
        path = step_path(cohort, step.id)
        if not quiet.opens_minute <= step.local_minute < quiet.closes_minute:
            window = f"{_clock(quiet.opens_minute)}-{_clock(quiet.closes_minute)}"
            message = f"{step.id} is set for {_clock(step.local_minute)}; the shop's hours are {window}."
            found.append(self.reason("quiet_hours", message, path=path, limit=window, actual=step.local_minute))
        if step.message_class == "promotional":
            found += [self._illegal(step, hours, market, path) for market in facts.markets
                      for hours in (*market.legal_hours, *guardrails.legal_hours)
                      if hours.channel in step.channels and not hours.zones and not hours.on_weekdays
                      and not hours.opens_minute <= step.local_minute < hours.closes_minute]  # fmt: skip
        return found

    def _illegal(self, step: Step, hours: LegalHours, market: Market, path: str) -> Blocked:
        window = f"{_clock(hours.opens_minute)}-{_clock(hours.closes_minute)}"
        message = (
            f"{step.id} is set for {_clock(step.local_minute)}; {hours.channel} in {market.name} is held to {window} "
            f"({hours.source}, {hours.as_of})."
        )
        return self.reason("legal_hours", message, path=path, limit=window, actual=step.local_minute)


def _is_bound(step: Step) -> bool:
    return step.owner == "us" and step.message_class != "transactional" and set(step.channels) != {"onpage"}


def _closed(candidates: ir.Table, hours: LegalHours) -> ir.BooleanValue:
    minute = candidates.local_minute
    closed = (minute < hours.opens_minute) | (minute >= hours.closes_minute)
    if hours.closed_weekdays:
        closed = closed | candidates.local_weekday.isin(list(hours.closed_weekdays))
    if hours.closed_on_holidays:
        closed = closed | candidates.is_local_holiday
    if hours.on_weekdays:
        closed = closed & candidates.local_weekday.isin(list(hours.on_weekdays))
    if hours.zones:  # a zone that is not known may be any of them
        closed = closed & candidates.zone.isin(list(hours.zones)).fill_null(True)
    return (candidates.channel == hours.channel) & closed


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


RULE = QuietHoursRule()
