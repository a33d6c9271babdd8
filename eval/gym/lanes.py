"""Lanes: how parcels fare between where they are packed and a market, by carrier; some slip for days, some are lost.

A lane has its own spread of days early or late, a share of parcels that never arrive and a share that nobody scans.
Episodes slow a lane down: customs on those that cross a border, carriers around a peak. All of it is invented.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .catalogue import Floats, Ints
from .dates import FIRST_DAY, N_AHEAD, N_DAYS, PEAK_DAYS
from .places import PLACES

ON_TIME, LATE, LOST = 0, 1, 2
"""What became of a parcel."""
LATE_AFTER_DAYS = 2
"""A parcel is late when it comes more than so many days after the promised day."""
CARE = np.array([1.0, 0.6, 0.4])
"""What a parcel on time, late or lost leaves of the daily chance of an order until the next one."""
NEVER_ARRIVES = 10**6
"""The day of arrival of a lost parcel."""
_N_STEPS = 400


class Lane(NamedTuple):
    """One way of parcels."""

    origin: str
    """Country they are packed in."""
    destination: str
    """Market."""
    carrier: str
    """Who carries them."""
    share: float
    """Share of the market's people that it serves."""
    early_days: float
    """How long before the promised day the fastest parcel comes."""
    shape: float
    """Of the gamma law of days after that."""
    scale: float
    """Its scale in days."""
    lost_rate: float
    """Share of parcels that never arrive."""
    unscanned_rate: float
    """Share of arrivals that nobody scans."""
    episodes: float
    """Slow episodes a year outside peaks."""


LANES: tuple[Lane, ...] = (
    Lane("DE", "US", "transatlantic-post", 0.45, 2.2, 1.5, 1.7, 0.010, 0.06, 3.0),
    Lane("DE", "US", "express", 0.25, 1.3, 1.1, 0.8, 0.003, 0.01, 1.0),
    Lane("HK", "US", "consolidator", 0.30, 3.0, 2.0, 1.8, 0.014, 0.10, 4.0),
    Lane("DE", "GB", "parcel", 0.70, 1.3, 1.2, 1.1, 0.006, 0.03, 3.0),
    Lane("DE", "GB", "post", 0.30, 1.8, 1.4, 1.5, 0.010, 0.08, 3.0),
    Lane("DE", "DE", "parcel", 0.80, 1.0, 1.1, 0.8, 0.003, 0.02, 1.0),
    Lane("DE", "DE", "post", 0.20, 1.2, 1.2, 1.0, 0.005, 0.06, 1.0),
    Lane("DE", "FR", "parcel", 0.65, 1.3, 1.2, 1.1, 0.005, 0.03, 2.0),
    Lane("DE", "FR", "post", 0.35, 1.6, 1.3, 1.4, 0.008, 0.06, 2.0),
    Lane("DE", "JP", "post", 0.55, 2.2, 1.5, 1.6, 0.008, 0.05, 2.0),
    Lane("HK", "JP", "express", 0.45, 1.5, 1.2, 0.9, 0.003, 0.02, 1.0),
)


class Fate(NamedTuple):
    """What becomes of parcels, one entry each."""

    late_days: Ints
    """Days after the promised day; negative is early. Of no meaning where the parcel is lost."""
    outcome: Ints
    """`ON_TIME`, `LATE` or `LOST`."""


class Lanes:
    """The lanes of one seed, with their slow episodes."""

    def __init__(self, seed: int) -> None:
        """Draw the episodes of `seed`."""
        self._table = _tables(np.random.default_rng([41]))
        self._lost = np.array([lane.lost_rate for lane in LANES])
        self.slip = _slips(np.random.default_rng([seed, 42]))
        """(lanes, days): days by which parcels of orders of a day slip; days count from the first of the records."""

    def fate(self, lane: Ints, day: Ints, luck: Floats) -> Fate:
        """Give what becomes of parcels ordered on `day`; `luck` is one even draw each, the least are lost."""
        lost = self._lost[lane]
        step = np.clip(((luck - lost) / (1.0 - lost) * _N_STEPS).astype(np.int64), 0, _N_STEPS - 1)
        late_days = self._table[lane, step] + self._slips(lane, day)
        outcome = np.where(luck < lost, LOST, np.where(late_days > LATE_AFTER_DAYS, LATE, ON_TIME))
        return Fate(late_days, outcome.astype(np.int64))

    def odds(self, lane: Ints, day: int) -> Floats:
        """Give (n, 3): the chance of each outcome of a parcel ordered on `day`."""
        slip = self._slips(np.arange(len(LANES)), np.full(len(LANES), day))
        late = (self._table + slip[:, None] > LATE_AFTER_DAYS).mean(axis=1) * (1.0 - self._lost)
        found: Floats = np.column_stack([1.0 - late - self._lost, late, self._lost])[lane]
        return found

    def _slips(self, lane: Ints, day: Ints) -> Ints:
        known = (day >= 0) & (day < self.slip.shape[1])
        found: Ints = np.where(known, self.slip[lane, np.where(known, day, 0)], 0)
        return found


@lru_cache(maxsize=4)
def lanes_of(seed: int) -> Lanes:
    """Give the lanes of a seed."""
    return Lanes(seed)


def draw_lanes(rng: np.random.Generator, place: Ints) -> Ints:
    """Give each person the lane that serves them, by market."""
    luck, found = rng.random(len(place)), np.zeros(len(place), dtype=np.int64)
    for position, market in enumerate(PLACES):
        own = [k for k, lane in enumerate(LANES) if lane.destination == market.country]
        ladder = np.cumsum([LANES[k].share for k in own])
        mine = place == position
        found[mine] = np.array(own)[np.minimum(np.searchsorted(ladder, luck[mine]), len(own) - 1)]
    return found


def _tables(rng: np.random.Generator) -> Ints:
    """Give (lanes, steps) days late by rising luck: quantiles of each lane's law from many draws."""
    draws = [np.sort(rng.gamma(lane.shape, lane.scale, _N_STEPS * 50))[25::50] - lane.early_days for lane in LANES]
    return np.round(np.stack(draws)).astype(np.int64)


def _slips(rng: np.random.Generator) -> Ints:
    """Give (lanes, days) how many days parcels slip: random episodes, and half of the lanes after each peak."""
    slip = np.zeros((len(LANES), N_DAYS + N_AHEAD), dtype=np.int64)
    for place, lane in enumerate(LANES):
        n = rng.poisson(lane.episodes * slip.shape[1] / 365)
        starts = rng.integers(0, slip.shape[1], n).tolist()
        peaks = [(start - FIRST_DAY).days + int(rng.integers(0, 3)) for start, _ in PEAK_DAYS if rng.random() < 0.5]
        for start in [*starts, *peaks]:
            for_days, by_days = int(rng.integers(4, 13)), int(rng.integers(1, 5))
            slip[place, start : start + for_days] = np.maximum(slip[place, start : start + for_days], by_days)
    return slip
