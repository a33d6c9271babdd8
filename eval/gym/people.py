"""The gym's people: who they are, what they allow, and how often they come back by themselves."""

from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .abuse import NOBODY, Abuse, draw_abuse, leader_of
from .catalogue import CATEGORIES, Flags, Floats, Ints
from .dates import N_DAYS, peak_mask, season
from .lanes import draw_lanes
from .places import PLACES

LATENT = ("loyal", "regular", "bargain", "once")
"""Hidden kinds of people; no file names them."""
LATENT_SHARES = (0.10, 0.38, 0.27, 0.25)
PEAK_SHARES = (0.07, 0.34, 0.35, 0.24)
"""The same of those whose first order falls into a peak: more bargain hunters, fewer loyal people."""
DAILY_RATE = np.array([0.0096, 0.0026, 0.0025, 0.00015])
"""Chance of a further order on an ordinary day long after the last one, per hidden kind; fitted (`calibration`)."""
RATE_SPREAD = 0.4
"""Standard deviation of the logarithm of rates within a hidden kind; fitted too."""
SENSITIVITY = np.array([0.6, 0.95, 1.5, 0.7])
"""How much money off moves an average person of each hidden kind; invented."""
PEAK_PULL = np.array([4.0, 4.5, 12.0, 3.0])
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
    """Chance of a further order on an ordinary day long after the last one."""
    lane: Ints
    """Position in `lanes.LANES`: the way their parcels go."""
    sensitivity: Floats
    """How much money off moves the person, about 1 on average."""
    first_day: Ints
    """Day of the first order, counted from the first day of the records."""
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
    referrer: Ints
    """Position of that friend; of no meaning for everybody else."""
    abuse: Abuse
    """Who belongs to a ring of accounts, and where software reads or clicks."""
    known_by: Literal["email", "customer_id"] = "email"
    """What `identifier` is."""

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.place)


def make_people(seed: int, n_customers: int) -> People:
    """Give `n_customers` invented people: the same seed and size give the same people."""
    rng = np.random.default_rng([seed, 12])
    abuse = draw_abuse(rng, n_customers)
    like = leader_of(abuse)
    place = rng.choice(len(PLACES), n_customers, p=[row.share for row in PLACES])[like]
    first_day = _first_days(rng, n_customers)
    first_day = np.where(like == np.arange(n_customers), first_day, _soon_after(rng, first_day[like]))
    latent = np.where(abuse.ring == NOBODY, _latent(rng, first_day), LATENT.index("bargain"))
    referred = ((rng.random(n_customers) < 0.06) & (first_day > 0)) | ((abuse.ring != NOBODY) & ~abuse.leads)
    has_app = rng.random(n_customers) < 0.30
    return People(
        identifier=_emails(place),
        place=place,
        latent=latent,
        rate=DAILY_RATE[latent] * rng.lognormal(-(RATE_SPREAD**2) / 2, RATE_SPREAD, n_customers),
        lane=draw_lanes(rng, place)[like],
        sensitivity=SENSITIVITY[latent] * rng.lognormal(-0.125, 0.5, n_customers),
        first_day=first_day,
        taste=rng.choice(len(CATEGORIES), n_customers, p=[row.share for row in CATEGORIES]),
        given=rng.integers(0, 12, n_customers),
        family=rng.integers(0, 8, n_customers)[like],
        engagement=rng.lognormal(-0.18, 0.6, n_customers),
        gives=rng.random(n_customers) < 0.22,
        in_app=has_app,
        allows_email=_allows(rng, place, "consent_email"),
        allows_sms=_allows(rng, place, "consent_sms"),
        allows_push=_allows(rng, place, "consent_push"),
        left=rng.random(n_customers) < 0.015,
        bounces=rng.random(n_customers) < 0.005,
        referred=referred,
        referrer=_referrers(rng, first_day, like),
        abuse=abuse,
    )


def _soon_after(rng: np.random.Generator, day: Ints) -> Ints:
    """Give days up to two after these, within the records."""
    days: Ints = np.minimum(day + rng.integers(0, 3, len(day)), N_DAYS - 1)
    return days


def _referrers(rng: np.random.Generator, first_day: Ints, leader: Ints) -> Ints:
    """Give per person somebody who was a customer before; a ring's accounts name the one that leads it."""
    order = np.argsort(first_day, kind="stable")
    n_before = np.searchsorted(first_day[order], first_day, side="left")
    somebody = order[(rng.random(len(first_day)) * np.maximum(n_before, 1)).astype(np.int64)]
    return np.where(leader == np.arange(len(leader)), somebody, leader)


def _emails(place: Ints) -> pa.Array:
    """Give one address per person under the reserved top-level domain `.example`."""
    number = pc.utf8_lpad(pa.array(np.arange(len(place)) + 1).cast(pa.string()), 6, "0")
    host = pa.array([f"@{row.country.lower()}.example" for row in PLACES]).take(pa.array(place))
    return pc.binary_join_element_wise("shopper", number, host, "")


def _first_days(rng: np.random.Generator, n: int) -> Ints:
    weight = season(np.arange(N_DAYS))
    weight[peak_mask()] *= 7.5
    days: Ints = rng.choice(N_DAYS, n, p=weight / weight.sum())
    return days


def _latent(rng: np.random.Generator, first_day: Ints) -> Ints:
    """Draw hidden kinds; a peak wins more bargain hunters and fewer loyal people than an ordinary day."""
    in_peak = peak_mask()[first_day]
    ordinary = np.searchsorted(np.cumsum(LATENT_SHARES), rng.random(len(first_day)))
    peak = np.searchsorted(np.cumsum(PEAK_SHARES), rng.random(len(first_day)))
    return np.minimum(np.where(in_peak, peak, ordinary), len(LATENT) - 1).astype(np.int64)


def _allows(rng: np.random.Generator, place: Ints, field: str) -> Flags:
    share = np.array([getattr(row, field) for row in PLACES])[place]
    return rng.random(len(place)) < share
