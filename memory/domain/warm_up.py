"""How a new sending domain warms up: a daily ceiling that grows while people react and few complain.

The steps are [mine], in the range that mailbox providers' postmaster pages suggest (start small, double, most engaged
first); the complaint limit is Gmail's 0.3 % (support.google.com/a/answer/14229414).
"""

from datetime import datetime
from zoneinfo import ZoneInfo

CEILINGS = (50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 40_000, 75_000)
"""Most mails per local day, from the first one; after them the domain is warm."""
MAX_COMPLAINT_RATE = 0.003
MIN_COMPLAINTS = 2
"""One complaint alone pauses nothing."""


def ceiling(started_at: datetime, now: datetime, zone: str) -> int | None:
    """Give the most mails of the present local day; none once the domain is warm."""
    local = ZoneInfo(zone)
    day = (now.astimezone(local).date() - started_at.astimezone(local).date()).days
    return CEILINGS[max(0, day)] if day < len(CEILINGS) else None


def is_too_much(n_complaints: int, n_sent: int) -> bool:
    """Say whether complaints pause the warm-up."""
    return n_complaints >= MIN_COMPLAINTS and n_complaints > MAX_COMPLAINT_RATE * max(n_sent, 1)
