"""The gym's people: who they are, what they allow, and how often they come back by themselves."""

from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .catalogue import CATEGORIES, Flags, Floats, Ints
from .places import PLACES

FIRST_DAY = date(2024, 11, 1)
"""First day of the shop's records."""
PEAK_DAYS = ((date(2024, 11, 29), date(2024, 12, 2)), (date(2025, 11, 28), date(2025, 12, 1)))
"""Black Friday to Cyber Monday of both years."""
ANCHOR = date(2025, 12, 2)
"""Day 0 of the plan; the records end the evening before."""
N_DAYS = (ANCHOR - FIRST_DAY).days
"""Days of history."""

LATENT = ("loyal", "regular", "bargain", "once")
"""Hidden kinds of people; no file names them."""
LATENT_SHARES = (0.10, 0.38, 0.27, 0.25)
DAILY_RATE = np.array([0.0085, 0.0015, 0.0009, 0.0003])
"""Chance of a further order on an ordinary day, per hidden kind."""
PEAK_PULL = np.array([8.0, 11.0, 34.0, 5.0])
"""How many times likelier a further order is on a day of the peak, per hidden kind."""


class People(NamedTuple):
    """Everyone as columns; position is the person."""

    identifier: pa.Array
    """What files name the person by: an address under a reserved top-level domain, or a customer number."""
    place: Ints
    """Position in `PLACES`."""
    latent: Ints
    """Position in `LATENT`."""
    rate: Floats
    """Chance of a further order on an ordinary day."""
    first_day: Ints
    """Day of the first order, counted from `FIRST_DAY`."""
    taste: Ints
    """Favourite category."""
    given: Ints
    """Position of the given name in the market's list."""
    family: Ints
    """Position of the family name in the market's list."""
    engagement: Floats
    """How readily the person reads and reacts, about 1 on average."""
    gives: Flags
    """Whether the person tends to buy gifts."""
    in_app: Flags
    """Whether the person shops in the app."""
    allows_email: Flags
    """Allows marketing e-mail."""
    allows_sms: Flags
    """Allows marketing SMS; only people with a number do."""
    allows_push: Flags
    """Allows app push."""
    left: Flags
    """Allowed e-mail once and took it back before the anchor."""
    bounces: Flags
    """Has an address that no longer takes mail."""
    referred: Flags
    """Came on a friend's recommendation."""
    known_by: Literal["email", "customer_id"] = "email"
    """What `identifier` is."""

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.place)


def make_people(seed: int, n_customers: int) -> People:
    """Give `n_customers` invented people: the same seed and size give the same people."""
    rng = np.random.default_rng([seed, 12])
    place = rng.choice(len(PLACES), n_customers, p=[row.share for row in PLACES])
    first_day = _first_days(rng, n_customers)
    latent = _latent(rng, first_day)
    engagement = rng.lognormal(-0.18, 0.6, n_customers)
    has_app = rng.random(n_customers) < 0.30
    return People(
        identifier=_emails(place),
        place=place,
        latent=latent,
        rate=DAILY_RATE[latent] * rng.lognormal(-0.08, 0.4, n_customers),
        first_day=first_day,
        taste=rng.choice(len(CATEGORIES), n_customers, p=[row.share for row in CATEGORIES]),
        given=rng.integers(0, 12, n_customers),
        family=rng.integers(0, 8, n_customers),
        engagement=engagement,
        gives=rng.random(n_customers) < 0.22,
        in_app=has_app,
        allows_email=_allows(rng, place, "consent_email"),
        allows_sms=_allows(rng, place, "consent_sms"),
        allows_push=_allows(rng, place, "consent_push"),
        left=rng.random(n_customers) < 0.015,
        bounces=rng.random(n_customers) < 0.005,
        referred=rng.random(n_customers) < 0.06,
    )


def peak_mask() -> Flags:
    """Give for each day of history whether it belongs to a peak."""
    days = np.zeros(N_DAYS, dtype=np.bool_)
    for start, end in PEAK_DAYS:
        days[(start - FIRST_DAY).days : (end - FIRST_DAY).days + 1] = True
    return days


def _emails(place: Ints) -> pa.Array:
    """Give one address per person under the reserved top-level domain `.example`."""
    number = pc.utf8_lpad(pa.array(np.arange(len(place)) + 1).cast(pa.string()), 6, "0")
    host = pa.array([f"@{row.country.lower()}.example" for row in PLACES]).take(pa.array(place))
    return pc.binary_join_element_wise("shopper", number, host, "")


def _first_days(rng: np.random.Generator, n: int) -> Ints:
    day = np.arange(N_DAYS)
    month = np.array([(FIRST_DAY.toordinal() + int(d)) % 365 for d in day])
    weight = 1.0 + 0.25 * np.sin(month / 365 * 2 * np.pi)
    weight[peak_mask()] *= 7.5
    return rng.choice(N_DAYS, n, p=weight / weight.sum())


def _latent(rng: np.random.Generator, first_day: Ints) -> Ints:
    """Draw hidden kinds; a peak wins more bargain hunters and fewer loyal people than an ordinary day."""
    in_peak = peak_mask()[first_day]
    ordinary = np.searchsorted(np.cumsum(LATENT_SHARES), rng.random(len(first_day)))
    peak = np.searchsorted(np.cumsum((0.07, 0.34, 0.35, 0.24)), rng.random(len(first_day)))
    return np.minimum(np.where(in_peak, peak, ordinary), len(LATENT) - 1).astype(np.int64)


def _allows(rng: np.random.Generator, place: Ints, field: str) -> Flags:
    share = np.array([getattr(row, field) for row in PLACES])[place]
    return rng.random(len(place)) < share
