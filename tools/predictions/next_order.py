"""When the next order is due, if the person is still buying: a median with the middle half around it.

In BG/NBD (Fader, Hardie and Lee 2005) a person who bought x times again and is still buying has a rate drawn from
Gamma(r + x, alpha + T), so the wait for the next purchase has the Pareto tail ((alpha + T) / (alpha + T + t))^(r + x).
Whether the person still buys is another figure (`bgnbd.chance_alive`).
"""

from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .bgnbd import Floats, Types
from .histories import DAYS_PER_WEEK

QUARTERS = (0.25, 0.5, 0.75)
LONGEST_DAYS = 730
"""A wait beyond two years is no date worth telling; it is left empty."""


class NextOrder(NamedTuple):
    """Dates per type or person; null where later than two years."""

    early_on: pa.Array
    """By this day a quarter of such people have ordered, if still buying."""
    on: pa.Array
    """By this day half of them have."""
    late_on: pa.Array
    """By this day three quarters have."""


def wait_weeks(parameters: Floats, types: Types, share: float) -> Floats:
    """Give after how many weeks `share` of the people of each type have ordered again, if still buying."""
    r, alpha, _, _ = parameters
    ahead: Floats = (alpha + types.age) * np.expm1(-np.log1p(-share) / (r + types.frequency))
    return ahead


def next_order(parameters: Floats, types: Types, place: npt.NDArray[np.int64], as_of: datetime) -> NextOrder:
    """Give the dates per person; `place` is each person's place among the types."""
    return NextOrder(*(_dates(wait_weeks(parameters, types, share)[place], as_of) for share in QUARTERS))


def _dates(weeks: Floats, as_of: datetime) -> pa.Array:
    days = np.ceil(np.minimum(weeks * DAYS_PER_WEEK, LONGEST_DAYS + 1)).astype(np.int64)
    epoch = as_of.date().toordinal() - date(1970, 1, 1).toordinal()
    return pa.array((epoch + days).astype(np.int32), mask=days > LONGEST_DAYS).cast(pa.date32())
