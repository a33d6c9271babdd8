from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.facts import INSTANT, LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.preferences import CHOICES_SCHEMA
from tests.factories.facts import Facts
from tools.risk import wishes

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def found(lake: Lake, facts: Facts, sent: list[tuple[str, float]], *chosen: dict[str, Any]) -> dict[str, Any]:
    versions = {
        name: lake.append(name, pa.Table.from_pylist(rows, LAKE_SCHEMAS[name])) for name, rows in facts.rows.items()
    }
    messages = pa.table(
        [pa.array([who for who, _ in sent], pa.string()), pa.array([ago(days) for _, days in sent], INSTANT)],
        names=["person_id", "at"],
    )
    people = pa.table({"person_id": pa.array(["p1", "p2"])})
    with lake.open(versions) as view:
        table = wishes(view, people, pa.Table.from_pylist(list(chosen), CHOICES_SCHEMA), messages, NOW)
    return {row["person_id"]: row for row in table.to_pylist()}


@pytest.mark.parametrize(("n", "band", "rate"), [(2, "low", 1.0), (3, "medium", 0.75), (5, "medium", 0.75),
                                                 (6, "high", 0.5)])  # fmt: skip
def test_s2_64_messages_without_an_answer_raise_the_band(lake: Lake, n: int, band: str, rate: float) -> None:
    rows = found(lake, Facts(), [("p1", 1 + number) for number in range(n)])
    assert (rows["p1"]["band"], rows["p1"]["cap_rate"]) == (band, rate)
    assert rows["p2"]["band"] == "low"


def test_s2_64_a_sign_of_life_starts_the_count_anew_and_a_machine_gives_none(lake: Lake) -> None:
    facts = Facts()
    facts.add("events", ago(3), subject_id="p1", kind="mail_click", is_machine=False)
    facts.add("events", ago(3), subject_id="p2", kind="mail_open", is_machine=True)
    rows = found(lake, facts, [(who, 4 + number) for who in ("p1", "p2") for number in range(6)])
    assert (rows["p1"]["band"], rows["p2"]["band"]) == ("low", "high")


def test_s2_64_messages_older_than_the_window_do_not_count(lake: Lake) -> None:
    assert found(lake, Facts(), [("p1", 91.0)] * 9)["p1"]["band"] == "low"


@pytest.mark.parametrize("kind", ["complaint", "unsubscribe"])
def test_s2_64_who_complained_or_left_within_a_year_is_in_the_high_band(lake: Lake, kind: str) -> None:
    facts = Facts()
    facts.add("events", ago(300), subject_id="p1", kind=kind)
    facts.add("events", ago(400), subject_id="p2", kind=kind)
    rows = found(lake, facts, [])
    assert (rows["p1"]["band"], rows["p2"]["band"]) == ("high", "low")


def test_s2_63_a_wish_and_a_band_do_not_add_up(lake: Lake) -> None:
    chosen = {"person_id": "p1", "frequency": "fewer", "paused_until": None, "topics_off": ["offers"]}
    rows = found(lake, Facts(), [("p1", 1.0)] * 6, chosen)
    assert rows["p1"]["cap_rate"] == 0.5
    assert rows["p1"]["topics_off"] == ["offers"]
