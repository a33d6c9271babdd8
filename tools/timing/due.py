"""When a dated step is due for each zone, and which zone a person without one is given."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from memory.domain.market import Market, Shop

ZoneSource = Literal["person", "market_default", "shop_default"]


def resolve_zone(zone: str | None, market: Market | None, shop: Shop) -> tuple[str, ZoneSource]:
    """Give a usable zone and where it comes from: the person's own, else the market's first, else the shop's."""
    if zone and zone in _known_zones():
        return zone, "person"
    if market and market.zones:
        return market.zones[0], "market_default"
    return shop.zone, "shop_default"


@cache
def _known_zones() -> frozenset[str]:
    """Give every zone of the machine's database, read once: the standard library walks its folders at each call."""
    return frozenset(available_timezones())


def due_instants(due_on: date, local_minute: int, zones: Iterable[str]) -> dict[str, datetime]:
    """Give the instant of a local day and minute per zone; a skipped minute moves on by the length of the gap."""
    wall = datetime.combine(due_on, time(local_minute // 60, local_minute % 60))
    return {zone: wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for zone in zones}
