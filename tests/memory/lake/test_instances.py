"""DuckDB instances are lent to one holder at a time, and each finds its own empty."""

import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from memory.lake import instances
from memory.lake.instances import MOST_IDLE, Lent


@pytest.fixture(autouse=True)
def _none_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "_idle", [])


def setting(lent: Lent, name: str) -> str:
    return str(lent.con.execute("SELECT value FROM duckdb_settings() WHERE name = ?", [name]).fetchone()[0])


def test_the_next_holder_gets_the_same_instance_and_finds_nothing_of_the_last() -> None:
    with Lent("100MB", keeps_footers=True) as first:
        first.con.execute("CREATE TABLE kept AS SELECT 1 AS x; CREATE TEMP TABLE passing AS SELECT 2 AS x")
        first.con.execute("CREATE VIEW seen AS SELECT * FROM kept; SET TimeZone = 'Asia/Tokyo'")
        first.con.register("rows", pa.table({"x": [3]}))
        assert first.con.sql("SELECT * FROM seen, passing, rows").fetchall() == [(1, 2, 3)]
        instance = first._instance
    with Lent("200MB") as second:
        assert second._instance is instance
        for name in ("kept", "passing", "seen", "rows"):
            with pytest.raises(duckdb.CatalogException):
                second.con.execute(f"SELECT * FROM {name}")
        assert setting(second, "memory_limit") == "190.7 MiB"
        assert setting(second, "parquet_metadata_cache") == "false"
        assert setting(second, "TimeZone") == "UTC"


def test_two_at_once_hold_two() -> None:
    with Lent("100MB") as one, Lent("100MB") as other:
        assert one._instance is not other._instance
        one.con.execute("CREATE TABLE mine AS SELECT 1 AS x")
        with pytest.raises(duckdb.CatalogException):
            other.con.execute("SELECT * FROM mine")


def test_closing_twice_gives_it_back_once() -> None:
    lent = Lent("100MB")
    lent.close()
    lent.close()
    assert len(instances._idle) == 1


def test_no_more_than_a_few_are_kept() -> None:
    held = [Lent("100MB") for _ in range(MOST_IDLE + 2)]
    for lent in held:
        lent.close()
    assert len(instances._idle) == MOST_IDLE


def test_a_reader_that_was_not_read_to_its_end_holds_nothing_back() -> None:
    lent = Lent("100MB")
    reader = lent.con.sql("SELECT range AS x FROM range(1000000)").to_arrow_reader(1_000)
    next(iter(reader))
    lent.close()
    with Lent("100MB") as second:
        assert second.con.execute("SELECT 1").fetchone() == (1,)


def test_a_file_that_cannot_be_opened_is_said_and_the_instance_goes_on(tmp_path: Path) -> None:
    broken = tmp_path / "no database.db"
    broken.write_bytes(b"not a database" * 1_000)
    with pytest.raises(duckdb.Error):
        Lent("100MB", broken)
    with Lent("100MB", tmp_path / "it's mine.db") as lent:
        lent.con.execute("CREATE TABLE mine AS SELECT 1 AS x")
    assert (tmp_path / "it's mine.db").is_file()


def test_an_instance_that_is_broken_is_not_lent_again() -> None:
    lent = Lent("100MB")
    lent._instance.close()
    lent.close()
    assert instances._idle == []


def test_a_forked_child_starts_its_own() -> None:
    with Lent("100MB"):
        pass
    assert len(instances._idle) == 1
    child = os.fork()
    if child == 0:
        try:
            is_forgotten = not instances._idle
            with Lent("100MB") as lent:
                total = lent.con.execute("SELECT sum(range) FROM range(1000000)").fetchone()
            os._exit(0 if is_forgotten and total == (499_999_500_000,) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with Lent("100MB") as lent:
        assert lent.con.execute("SELECT 1").fetchone() == (1,)
