"""Parcels rest on holidays of where they set out or go to: the days of their lane go on counting afterwards."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tests.factories.facts import Facts
from tools.parcels import with_rest

pytestmark = pytest.mark.slow
DAY = 86_400


def rests(root: Path, *parcels: tuple[datetime, str, str, float]) -> list[float]:
    """Give days of rest per parcel: when it set out, from where, to where, and the days of its lane."""
    facts = Facts()
    for at, *_ in parcels:
        facts.order("ann", at)
    with facts.open(root) as view:
        orders = view.table("orders").order_by("event_at", "fact_id")
        ids = orders.to_pyarrow()["fact_id"].to_pylist()
        rows = [
            {"order_fact_id": name, "started_at": at, "origin": origin, "market": market, "days": days}
            for name, (at, origin, market, days) in zip(ids, parcels, strict=True)
        ]
        table = view.memory_table("asked_parcels", pa.Table.from_pylist(rows))
        found = {row["order_fact_id"]: row["rest_s"] for row in with_rest(table, view, "days").to_pyarrow().to_pylist()}
    return [found[name] / DAY for name in ids]


def on(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_s1_16_a_parcel_that_meets_the_spring_festival_waits_for_its_end(tmp_path: Path) -> None:
    found = rests(
        tmp_path,
        (on(2027, 1, 1), "CN", "DE", 3.0),  # New Year's Day in Germany
        (on(2027, 1, 10), "CN", "DE", 7.0),  # no rest on its way
        (on(2027, 2, 1), "CN", "DE", 7.0),  # reaches into 5 to 12 February
        (on(2027, 2, 8), "CN", "DE", 7.0),  # sets out in the middle of it
        (on(2027, 2, 13), "CN", "DE", 7.0),  # sets out after it
    )
    assert found == [1.0, 0.0, 8.0, 5.0, 0.0]


def test_s1_16_one_rest_may_reach_into_the_next_and_both_ends_are_not_added(tmp_path: Path) -> None:
    found = rests(
        tmp_path,
        (on(2026, 12, 23), "", "DE", 1.5),  # there on the 24th, before any rest
        (on(2026, 12, 24), "", "DE", 2.0),  # 25 and 26 December
        (on(2026, 12, 24), "", "DE", 6.5),  # and, for those two, 1 January as well
        (on(2026, 12, 24), "DE", "US", 2.0),  # both rest on the 25th, Germany a day longer
        (on(2026, 12, 24), "", "JP", 9.0),  # Japan's carriers deliver
    )
    assert found == [0.0, 2.0, 3.0, 2.0, 0.0]


def test_s1_16_parts_of_a_day_count_as_parts(tmp_path: Path) -> None:
    found = rests(tmp_path, (on(2026, 12, 25, 12), "", "FR", 2.0))
    assert found == [timedelta(hours=12) / timedelta(days=1)]
