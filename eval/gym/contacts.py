"""Addresses, numbers and instants of the gym's people as Arrow columns; nothing here belongs to a real person."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .abuse import leader_of
from .catalogue import Ints
from .dates import FIRST_DAY
from .people import People
from .places import FAMILY_NAMES, GIVEN_NAMES, PHONE_BLOCKS, PLACES, SHOP_ZONE

_FIRST_CUSTOMER = 7_210_000_000_000


def phones(people: People) -> pa.Array:
    """Give E.164 numbers from blocks reserved for fiction to those who allow SMS; null where the block is used up."""
    numbers: list[pa.Array] = []
    where: list[Ints] = []
    for position, row in enumerate(PLACES):
        members = np.flatnonzero((people.place == position) & people.allows_sms)
        stock = [f"{prefix}{k:0{digits}d}" for prefix, digits in PHONE_BLOCKS[row.country] for k in range(10**digits)]
        given = stock[: len(members)]
        numbers.append(pa.array(given, pa.string()))
        where.append(members[: len(given)])
    index = np.full(people.n, -1, dtype=np.int64)
    order = np.concatenate(where)
    index[order] = np.arange(len(order))
    return pa.concat_arrays(numbers).take(pa.array(index, mask=index < 0))


def customer_numbers(people: People) -> pa.Array:
    """Give Shopify-like customer numbers."""
    return pa.array(_FIRST_CUSTOMER + np.arange(people.n)).cast(pa.string())


def push_tokens(people: People) -> pa.Array:
    """Give one invented push token per person."""
    return pc.binary_join_element_wise("gym-device", padded(np.arange(people.n) + 1, 6), "-")


def given_names(people: People) -> pa.Array:
    """Give each person a given name of their market."""
    return _named(GIVEN_NAMES, people.place, people.given)


def family_names(people: People) -> pa.Array:
    """Give each person a family name of their market."""
    return _named(FAMILY_NAMES, people.place, people.family)


def streets(people: People) -> pa.Array:
    """Give each person a street of their own; accounts of a ring share that of the one that leads it."""
    number = pa.array(leader_of(people.abuse) + 1).cast(pa.string())
    return pc.binary_join_element_wise("Example Street", number, " ")


def padded(numbers: Ints, width: int) -> pa.Array:
    """Give whole numbers as text with leading zeros."""
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")


def instants(local_seconds: Ints) -> pa.Array:
    """Give instants for seconds of the shop's local time since the first day of the records."""
    start = np.datetime64(FIRST_DAY.isoformat(), "s")
    local = pa.array(start + local_seconds.astype("timedelta64[s]"), pa.timestamp("s"))
    return pc.assume_timezone(local, SHOP_ZONE, ambiguous="earliest", nonexistent="latest")


def local_seconds(at: pa.Array) -> Ints:
    """Give seconds of the shop's local time since the first day of the records for instants."""
    local = pc.local_timestamp(at.cast(pa.timestamp("s", tz=SHOP_ZONE)))
    start = int(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC).timestamp())
    seconds: Ints = np.asarray(local.cast(pa.int64())) - start
    return seconds


def shopify_time(at: pa.Array) -> pa.Array:
    """Write instants the way Shopify's exports do, `2026-05-14 11:23:45 +0100`."""
    return pc.strftime(at, "%Y-%m-%d %H:%M:%S %z")


def iso_time(at: pa.Array) -> pa.Array:
    """Write instants in UTC as `2026-05-14T10:23:45Z`."""
    return pc.strftime(at.cast(pa.timestamp("s", tz="UTC")), "%Y-%m-%dT%H:%M:%SZ")


def decimals(minor: Ints, exponent: Ints) -> pa.Array:
    """Write sums in minor units as plain decimals, with as many places as the currency has (0 or 2)."""
    whole = pa.array(np.where(exponent == 2, minor // 100, minor)).cast(pa.string())
    cents = pc.binary_join_element_wise(whole, padded(minor % 100, 2), ".")
    return pc.if_else(pa.array(exponent == 2), cents, whole)


def _named(names: dict[str, tuple[str, ...]], place: Ints, position: Ints) -> pa.Array:
    flat = [name for row in PLACES for name in names[row.country]]
    widths = np.array([len(names[row.country]) for row in PLACES])
    starts = np.concatenate(([0], np.cumsum(widths)[:-1]))
    return pa.array(flat).take(pa.array(starts[place] + position % widths[place]))
