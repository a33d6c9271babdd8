"""The gym's calendar: when its records begin, when its peaks are, and how ordering goes through the year."""

from datetime import date

import numpy as np

from .catalogue import Flags, Floats, Ints

FIRST_DAY = date(2024, 11, 1)
"""First day of the shop's records."""
PEAK_DAYS = ((date(2024, 11, 29), date(2024, 12, 2)), (date(2025, 11, 28), date(2025, 12, 1)))
"""Black Friday to Cyber Monday of both years."""
ANCHOR = date(2025, 12, 2)
"""Day 0 of the plan; the records end the evening before."""
N_DAYS = (ANCHOR - FIRST_DAY).days
"""Days of history."""
N_AHEAD = 240
"""Days after day 0 for which parcels and shelves are known to the laws."""

_YEAR = (
    (1, 0.90), (15, 1.02), (42, 0.93), (74, 0.98), (130, 1.05), (171, 1.01), (206, 0.92), (232, 0.91), (263, 1.00),
    (298, 1.04), (324, 1.10), (346, 1.25), (354, 1.05), (359, 0.70), (365, 0.85),
)  # fmt: skip
"""Day of the year and how readily people order then, invented: gifts in December, January sales, quiet summers."""
_WEEKDAY = np.array([1.05, 1.00, 0.98, 0.98, 0.95, 0.94, 1.10])
"""Monday to Sunday."""
_PAID_FROM, _PAID_UNTIL, _PAID, _UNPAID = 27, 2, 1.08, 0.985
"""From this day of the month to that one of the next people have been paid."""


def peak_mask() -> Flags:
    """Give for each day of history whether it belongs to a peak."""
    days = np.zeros(N_DAYS, dtype=np.bool_)
    for start, end in PEAK_DAYS:
        days[(start - FIRST_DAY).days : (end - FIRST_DAY).days + 1] = True
    return days


def season(days: Ints) -> Floats:
    """Give what days (counted from `FIRST_DAY`, before it too) multiply everybody's chance with; about 1 over a year.

    The product of a curve over the year, the day of the week, and whether people have just been paid. The pull of a
    peak is another matter (`people.PEAK_PULL`).
    """
    on = np.datetime64(FIRST_DAY.isoformat(), "D") + days.astype("timedelta64[D]")
    of_year = (on - on.astype("datetime64[Y]")).astype(np.int64) + 1
    of_month = (on - on.astype("datetime64[M]")).astype(np.int64) + 1
    weekday = (on.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    at, level = zip(*_YEAR, strict=True)
    paid = np.where((of_month >= _PAID_FROM) | (of_month <= _PAID_UNTIL), _PAID, _UNPAID)
    factor: Floats = np.interp(of_year, at, level) * _WEEKDAY[weekday] * paid
    return factor
