"""Instants in hot tables are whole microseconds since 1970 in UTC: exact, sortable, the same on every database."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Give an aware instant as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Give microseconds since 1970 as an aware instant in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
