"""What the demo needs to know of a world: the shop, its files, its people, and how its days are written."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.market import Shop
from tools.identity.keys import Keys

from .catalogue import Ints
from .dates import ANCHOR, PEAK_DAYS
from .people import People
from .periods import write_period
from .responses import DayOutcome, Start
from .shop import N_CUSTOMERS, SEED, build_shop, demo_shop, start_of

Files = tuple[tuple[str, Path], ...]


class World(NamedTuple):
    """A shop before day 0 and the people who will react."""

    shop: Shop
    """The shop."""
    files: Files
    """Import kind and file of everything known on day 0, in import order."""
    start: Start
    """Where the simulation begins."""
    anchor_on: date
    """Day 0."""
    peak: tuple[date, date]
    """First and last day of the peak."""
    last_peak: tuple[date, date]
    """The peak the look-back reads, with the time since in view."""
    write: Callable[[Path, Sequence[DayOutcome]], Files]
    """Writes simulated days as files of import kinds."""
    label: str
    """What is real and what is not, in one sentence."""
    money_scale: float = 1.0
    """Euro cents of the simulation's list prices per minor unit of the shop's currency."""
    assumptions: Path | None = None
    """Assumptions to apply after the import."""

    def opens_at(self) -> datetime:
        """Give ten minutes past midnight of day 0 in the shop's zone; nobody orders before two."""
        return datetime.combine(self.anchor_on, time(0, 10), ZoneInfo(self.shop.zone))


def synthetic_world(folder: Path, *, n_customers: int = N_CUSTOMERS, seed: int = SEED) -> World:
    """Write the synthetic shop's files into `folder` and give its world."""
    made = build_shop(folder, n_customers=n_customers, seed=seed)
    start = start_of(made)
    return World(
        shop=demo_shop(),
        files=made.files,
        start=start,
        anchor_on=ANCHOR,
        peak=PEAK_DAYS[1],
        last_peak=PEAK_DAYS[0],
        write=lambda path, days: write_period(path, start, days),
        label="Everything here is synthetic: invented people, orders and reactions.",
    )


def person_ids(world: World, key: bytes, identities: pa.Table) -> list[str]:
    """Give the product's person id of everyone in the world, by position.

    `identities` lists the subjects that belong to another person (`IDENTITIES_SCHEMA`).
    """
    people: People = world.start.people
    keys = Keys(key, world.shop.shop_id, world.shop.home_market)
    merged = dict(zip(identities["subject_id"].to_pylist(), identities["person_id"].to_pylist(), strict=True))
    found = [keys.resolve(people.known_by, text) for text in people.identifier.to_pylist()]
    subjects = [resolved[0] if resolved else "" for resolved in found]
    return [merged.get(subject, subject) for subject in subjects]


def positions(ids: list[str], wanted: pa.Array) -> Ints:
    """Give the positions of the wanted person ids; -1 for somebody the world does not know."""
    place = pc.index_in(wanted, value_set=pa.array(ids))
    filled: Ints = np.asarray(place.fill_null(-1), dtype=np.int64)
    return filled
