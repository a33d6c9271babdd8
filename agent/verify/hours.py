"""Local hours at the instant of hand-off: every zone the person may be in has to be open."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from memory.domain.handover import MarketNow, PersonNow, PlanNow, Promise
from memory.domain.market import LegalHours
from memory.domain.outcome import Blocked

from .reason import reason


def hours(promise: Promise, person: PersonNow, plan: PlanNow, market: MarketNow, now: datetime) -> tuple[Blocked, ...]:
    """Give every zone that is closed; a person without a zone may be anywhere in the country."""
    if promise.message_class == "transactional":
        return ()
    found: list[Blocked] = []
    known = market.market
    zones = person.zones or (known.zones if known else (plan.home_zone,))
    legal: list[LegalHours] = []
    if promise.message_class == "promotional":
        if known is None:
            found.append(reason("quiet_hours", "market_unknown", "No hours are known of the person's market."))
        legal = [*(known.legal_hours if known else ()), *plan.guardrails.legal_hours]
    for name in zones:
        found += _zone(name, promise.channel, plan, legal, market, now)
    if not zones:
        found.append(reason("quiet_hours", "zone_unknown", "Nobody can say what time it is for the person."))
    return tuple(found)


def _zone(
    name: str, channel: str, plan: PlanNow, legal: Iterable[LegalHours], market: MarketNow, now: datetime
) -> list[Blocked]:
    try:
        local = now.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        return [reason("quiet_hours", "zone_unknown", f"There is no zone {name!r}.", actual=name)]
    minute, found, own = local.hour * 60 + local.minute, [], plan.guardrails.quiet_hours
    if not _within(minute, own.opens_minute, own.closes_minute):
        found.append(reason("quiet_hours", "quiet_hours", f"It is {local:%H:%M} in {name}.", actual=minute))
    for rule in legal:
        if rule.channel != channel or (rule.zones and name not in rule.zones):
            continue
        if rule.on_weekdays and local.weekday() not in rule.on_weekdays:
            continue
        is_day = local.weekday() not in rule.closed_weekdays
        is_day = is_day and not (rule.closed_on_holidays and local.date() in market.holidays)
        if not is_day or not _within(minute, rule.opens_minute, rule.closes_minute):
            message = f"It is {local:%a %H:%M} in {name}; {rule.source}."
            found.append(reason("quiet_hours", "legal_hours", message, limit=rule.source, actual=minute))
    return found


def _within(minute: int, opens: int, closes: int) -> bool:
    return opens <= minute < closes if opens <= closes else (minute >= opens or minute < closes)
