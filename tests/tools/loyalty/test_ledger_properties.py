"""S1-21: whatever happens in whatever order, the ledger sums to zero and says what a plain queue of lots says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.facts import INSTANT, LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.loyalty import SPENT_SCHEMA
from tests.factories.facts import SHOP, Facts
from tools.loyalty import Books, books

from .programme import AS_OF, a_programme, at, joined, spent, terms

pytestmark = pytest.mark.slow
PEOPLE = ("ann", "bob", "cay")
DAYS = st.integers(0, 420)
VALID_DAYS = 90


@dataclass(frozen=True)
class Order:
    """An order with what was refunded of it."""

    person: str
    day: int
    minor: int
    refunded: int


ORDERS = st.builds(
    lambda person, day, minor, part: Order(person, day, minor, minor * part // 4),
    st.sampled_from(PEOPLE), DAYS, st.integers(0, 20_000), st.integers(0, 4),
)  # fmt: skip
REDEMPTIONS = st.tuples(st.sampled_from(PEOPLE), st.integers(1, 150), DAYS)


def on(day: int, hour: int = 12) -> datetime:
    return at(1, year=2026, hour=hour) + timedelta(days=day)


def by_hand(orders: Iterable[Order], redeemed: Iterable[tuple[str, int, int]], person: str) -> int:
    """Give a balance as somebody with a drawer of lots would: the oldest first, and expired lots are thrown away."""
    mine = sorted((one.day, (one.minor - one.refunded) // 100) for one in orders if one.person == person)
    lots = [[day, points] for day, points in mine]
    events = [(day + VALID_DAYS, 0, number, 0) for number, (day, _) in enumerate(mine)]
    events += [(day, 1, 0, points) for who, points, day in redeemed if who == person]
    lost = 0
    for day, is_redemption, number, points in sorted(events):
        if on(day, 13 if is_redemption else 12) > AS_OF:
            continue
        if not is_redemption:
            lost += lots[number][1]
            lots[number][1] = 0
            continue
        lost += points
        for lot in lots:
            taken = min(points, lot[1])
            lot[1], points = lot[1] - taken, points - taken
    return sum(points for day, points in mine if on(day) <= AS_OF) - lost


@settings(max_examples=30)
@given(st.lists(ORDERS, max_size=14), st.lists(REDEMPTIONS, max_size=8))
def test_s1_21_random_events_sum_to_zero_and_balance_as_by_hand(
    orders: list[Order], redeemed: list[tuple[str, int, int]]
) -> None:
    facts = Facts()
    joined(facts, *PEOPLE)
    for one in orders:
        facts.order(one.person, on(one.day), subtotal_minor=one.minor, refunded_minor=one.refunded)
    used = spent(*((person, points, on(day, 13)) for person, points, day in redeemed))
    with TemporaryDirectory() as folder, facts.open(Path(folder)) as view:
        found = books(view, SHOP, terms(a_programme(valid_days=VALID_DAYS)), used, AS_OF)
        n_wrong = _n_wrong(found)
        balances = {row["person_id"]: row["points"] for row in found.balances().to_pyarrow().to_pylist()}
    assert n_wrong == (0, 0)
    past = [one for one in orders if on(one.day) <= AS_OF]
    assert {person: balances.get(person, 0) for person in PEOPLE} == {
        person: by_hand(past, redeemed, person) for person in PEOPLE
    }


def _n_wrong(found: Books) -> tuple[int, int]:
    """Give the sum over all entries, and how many movements are not two entries that cancel out."""
    entries = found.entries()
    per_movement = entries.group_by("movement_id").agg(n=entries.count(), points=entries.points.sum())
    wrong = per_movement.filter((per_movement.n != 2) | (per_movement.points != 0)).count().to_pyarrow().as_py()
    total = entries.points.sum().to_pyarrow().as_py()
    return int(total or 0), int(wrong)


def _a_million(root: Path, n: int = 1_000_000) -> tuple[LakeView, pa.Table]:
    """Give n random events of 50,000 people: half orders, a fifth refunds, the rest
    redemptions."""
    chance, n_orders, n_refunded = np.random.default_rng(7), n * 5 // 10, n * 2 // 10
    start = np.datetime64("2025-01-01", "us")
    names = np.array([f"p{number:05}" for number in range(50_000)])

    def moments(count: int) -> pa.Array:
        return pa.array(start + chance.integers(0, 750 * 86_400 * 10**6, count), pa.timestamp("us")).cast(INSTANT)

    people, when = names[chance.integers(0, len(names), n_orders)], moments(n_orders)
    subtotal = chance.integers(0, 50_000, n_orders)
    refunded = np.zeros(n_orders, dtype=np.int64)
    refunded[:n_refunded] = chance.integers(0, subtotal[:n_refunded] + 1)
    orders = _facts("orders", n_orders, when, {
        "subject_id": people, "order_ref": [f"#{number}" for number in range(n_orders)], "currency": "EUR",
        "subtotal_minor": subtotal, "refunded_minor": refunded, "is_cancelled": chance.random(n_orders) < 0.02,
        "is_paid": True,
    })  # fmt: skip
    first = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * len(names), INSTANT)
    members = _facts("memberships", len(names), first, {"subject_id": names, "is_member": True})
    n_used = n - n_orders - n_refunded
    used = pa.table([
        pa.array(names[chance.integers(0, len(names), n_used)]), pa.array([f"r{number}" for number in range(n_used)]),
        pa.array(chance.integers(1, 400, n_used)), moments(n_used),
    ], schema=SPENT_SCHEMA)  # fmt: skip
    lake = Lake(root)
    return lake.open(
        {"orders": lake.append("orders", orders), "memberships": lake.append("memberships", members)}
    ), used


def _facts(table: str, n: int, when: pa.Array, values: dict[str, object]) -> pa.Table:
    fixed: dict[str, object] = {
        "shop_id": SHOP.shop_id, "fact_id": [f"{table}-{number:07}" for number in range(n)], "revision": 1,
        "content_hash": "", "event_at": when, "arrived_at": when, "source": "test", **values,
    }  # fmt: skip
    columns = []
    for field in LAKE_SCHEMAS[table]:
        given_value = fixed.get(
            field.name, None if field.nullable else {"string": "", "bool": False}.get(str(field.type), 0)
        )
        is_many = isinstance(given_value, list | np.ndarray | pa.Array | pa.ChunkedArray)
        columns.append(pa.array(given_value, field.type) if is_many else pa.array([given_value] * n, field.type))
    return pa.table(columns, schema=LAKE_SCHEMAS[table])


@pytest.mark.parametrize("n", [20_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_s1_21_a_million_random_events_sum_to_zero(tmp_path: Path, n: int) -> None:
    view, used = _a_million(tmp_path, n)
    with view:
        found = books(view, SHOP, terms(a_programme(starts_on=at(1, year=2024).date())), used, AS_OF)
        assert _n_wrong(found) == (0, 0)
        movements = found.movements
        kinds = movements.group_by("kind").agg(n=movements.count(), points=movements.points.sum()).to_pyarrow()
        rows = {row["kind"]: row for row in kinds.to_pylist()}
        balances = found.balances().points.sum().to_pyarrow().as_py()
    assert set(rows) == {"earned", "clawed_back", "redeemed", "expired"}
    assert rows["redeemed"]["n"] == used.num_rows
    assert balances == sum(row["points"] for row in rows.values())
