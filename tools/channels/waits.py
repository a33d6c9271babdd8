"""`Retry-After`: seconds or an HTTP date, never negative and never longer than we are willing to wait (RFC 9110)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 3600


def wait_seconds(header: str | None, now: datetime) -> int | None:
    """Give the seconds a provider asks for, between 0 and `LONGEST_SECONDS`; none where it does not say it clearly."""
    text = (header or "").strip()
    if not text:
        return None
    if text.isascii() and text.lstrip("+-").isdigit() and len(text) < 20:
        return max(0, min(LONGEST_SECONDS, int(text)))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return max(0, min(LONGEST_SECONDS, int(seconds.total_seconds())))
