"""Readings are kept open while they stand, each used by one thread at a time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from agent.planning.opened import FRESH, N_OPEN, Opened, OpenFacts, Sought
from memory.lake.lake import Lake
from tests.factories.facts import ago
from tests.factories.shop import a_shop

NOW = ago(0)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[OpenFacts]:
    made = OpenFacts(Lake(tmp_path), keeps=True)
    yield made
    made.close()


def _sought(shop_id: str = "alpha", *files: str) -> Sought:
    return Sought(a_shop(shop_id=shop_id), (), files)


def _read(facts: OpenFacts, sought: Sought, minutes: int = 0, *, exactly: bool = False) -> Opened:
    with facts.reading(sought, NOW + timedelta(minutes=minutes), exactly=exactly) as opened:
        return opened


def test_a_reading_serves_again_until_it_is_old(facts: OpenFacts) -> None:
    first = _read(facts, _sought())
    assert _read(facts, _sought(), 9) is first
    later = _read(facts, _sought(), 1 + int(FRESH.total_seconds() // 60))
    assert later is not first
    assert first.is_closed


def test_who_asks_for_an_instant_gets_no_other(facts: OpenFacts) -> None:
    first = _read(facts, _sought())
    second = _read(facts, _sought(), 5, exactly=True)
    assert second.as_of > first.as_of
    assert _read(facts, _sought(), exactly=True) is first


def test_a_file_that_went_ends_the_reading_of_it(facts: OpenFacts, tmp_path: Path) -> None:
    file = tmp_path / "part.parquet"
    file.touch()
    first = _read(facts, _sought("alpha", str(file)))
    assert _read(facts, _sought("alpha", str(file))) is first
    file.unlink()
    assert _read(facts, _sought("alpha", str(file))) is not first
    assert first.is_closed


def test_newer_facts_and_further_shops_end_the_oldest(facts: OpenFacts, tmp_path: Path) -> None:
    file = tmp_path / "newer.parquet"
    file.touch()
    old = _read(facts, _sought())
    newer = _read(facts, _sought("alpha", str(file)))
    assert old.is_closed
    others = [_read(facts, _sought(f"shop{number}")) for number in range(N_OPEN)]
    assert newer.is_closed
    assert not any(one.is_closed for one in others)


def test_without_keeping_a_reading_ends_with_its_use(tmp_path: Path) -> None:
    assert _read(OpenFacts(Lake(tmp_path), keeps=False), _sought()).is_closed


def test_another_thread_waits_for_the_reading(facts: OpenFacts) -> None:
    seen: list[str] = []
    with facts.reading(_sought(), NOW):
        thread = Thread(target=lambda: seen.append("other" if _read(facts, _sought()) else ""))
        thread.start()
        thread.join(0.2)
        seen.append("first")
    thread.join()
    assert seen == ["first", "other"]
