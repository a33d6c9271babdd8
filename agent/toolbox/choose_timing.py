"""The tool `choose_timing`: in which local hours a channel may be used in a market, and when is usual."""

from typing import Any

from memory.domain.errors import InvalidInput
from memory.domain.market import Channel, CountryCode

from .desk import Desk
from .tool import Arguments, Tool

USUAL_MINUTES = (10 * 60, 18 * 60)
"""Mid-morning and early evening, the catalogue's own minutes."""


class Where(Arguments):
    """Which market and channel."""

    market: CountryCode
    """The country."""
    channel: Channel
    """The channel."""


def run(desk: Desk, arguments: Where) -> dict[str, Any]:
    """Give the allowed window: the shop's quiet hours and every legal hour hold at once."""
    market = desk.context.market(arguments.market)
    if market is None:
        known = ", ".join(row.country for row in desk.context.markets)
        raise InvalidInput(what=f"market {arguments.market}", why="nobody lives there", remedy=f"Choose from {known}")
    limits = desk.context.guardrails
    legal = [row for row in (*market.legal_hours, *limits.legal_hours) if row.channel == arguments.channel]
    opens = max([limits.quiet_hours.opens_minute, *(row.opens_minute for row in legal)])
    closes = min([limits.quiet_hours.closes_minute, *(row.closes_minute for row in legal)])
    return {
        "opens": _clock(opens),
        "closes": _clock(closes),
        "usual": [_clock(minute) for minute in USUAL_MINUTES if opens <= minute < closes],
        "closed_weekdays": sorted({day for row in legal for day in row.closed_weekdays}),
        "closed_on_holidays": any(row.closed_on_holidays for row in legal),
        "zones": list(market.zones[:3]),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


TOOL = Tool("choose_timing", "Allowed local hours of a channel in a market.", Where, run)
