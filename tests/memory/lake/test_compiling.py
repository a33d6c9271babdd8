"""SQL filled in from a known shape is, letter by letter, what Ibis compiles."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend as DuckDB

from memory.lake import compiling
from memory.lake.backends import DuckBackend

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ROWS = pa.table(
    {
        "person_id": ["ann", "bob", "cy"],
        "at": pa.array([NOON, NOON + timedelta(hours=1), NOON + timedelta(days=1)], pa.timestamp("us", "UTC")),
        "n": [1, 2, 3],
    }
)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_TEXTS", compiling._Kept())
    monkeypatch.setattr(compiling, "_MADE", compiling._Kept())


def question(backend: DuckBackend, people: list[str], since: datetime, until: datetime, least: int = 1) -> ir.Table:
    """Who did how much between two instants: a filter, a join with itself, a window and an array."""
    table = backend.arrow("rows", ROWS)
    few = table.filter(table.person_id.isin(people), table.at >= since, table.at < until, table.n >= least)
    known = few.group_by("person_id").agg(n_seen=few.count(), last=few["at"].max())
    joined = few.left_join(known.rename(who="person_id"), few.person_id == known.person_id).drop("who", "last")
    named = joined.mutate(
        place=ibis.row_number().over(ibis.window(order_by=joined["at"])),
        is_late=joined["at"] > until - timedelta(hours=2),
        marks=ibis.array([ibis.ifelse(joined.n > 1, "many", "")]).filter(lambda name: name != ""),
    )
    return named.union(named.filter(named.n < 0))


def plainly(backend: DuckBackend, table: ir.Table) -> str:
    return _alike(str(DuckDB.compile(backend.con, table)))


def _alike(text: str) -> str:
    return re.sub(r"(?<=EXCLUDE \()[^()]*", lambda found: ",".join(sorted(found[0].split(", "))), text)


ASKED: list[tuple[Any, ...]] = [
    (["ann"], NOON, NOON + timedelta(days=2)),
    (["bob", "cy"], NOON + timedelta(microseconds=7), NOON + timedelta(days=2)),
    (["ann", "bob", "cy"], NOON, NOON),  # equal instants are another shape
    (["o'neil", "ann"], NOON, NOON + timedelta(days=3)),  # a text that needs an escape is never filled in
    (["ann"], NOON, NOON + timedelta(days=2), 2),
    (["mark 0 of a list"], NOON, NOON + timedelta(days=2)),
]


def test_s2_03_a_known_shape_gives_the_text_that_ibis_compiles() -> None:
    backend = DuckBackend()
    for _ in range(2):
        for asked in ASKED:
            table = question(backend, *asked)
            assert _alike(backend.con.compile(table)) == plainly(backend, table)
            found = table.to_pyarrow()
            assert set(found["person_id"].to_pylist()) <= set(asked[0])
            assert found.schema == table.schema().to_pyarrow()
    backend.close()


def test_s2_03_another_instant_and_other_people_are_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    n_compiled = 0
    real = DuckDB.compile

    def counted(self: Any, *given: Any, **more: Any) -> str:
        nonlocal n_compiled
        n_compiled += 1
        return str(real(self, *given, **more))

    monkeypatch.setattr(DuckDB, "compile", counted)
    first, second = DuckBackend(), DuckBackend()
    people = [question(first, ["ann"], NOON, NOON + timedelta(days=2)).to_pyarrow()["person_id"].to_pylist()]
    assert n_compiled == 2  # as it is, and with marks
    later = question(second, ["bob", "cy"], NOON - timedelta(days=1), NOON + timedelta(days=9))
    people.append(later.to_pyarrow()["person_id"].to_pylist())
    assert (n_compiled, people) == (2, [["ann"], ["bob", "cy"]])
    question(second, ["bob"], NOON, NOON + timedelta(days=2), least=2).to_pyarrow()
    assert n_compiled == 4
    first.close()
    second.close()


def test_a_text_that_is_not_the_compilers_own_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug planted in the cutting of texts: nothing of it is ever run."""
    monkeypatch.setattr(compiling, "_split", lambda text, _marks: (text.replace("LEFT", "INNER"),))
    backend = DuckBackend()
    for asked in ASKED[:2]:
        table = question(backend, *asked)
        assert _alike(backend.con.compile(table)) == plainly(backend, table)
    assert compiling._TEXTS._texts == {}
    backend.close()


def test_an_expression_with_a_key_is_made_once_and_reads_the_rows_of_now() -> None:
    n_made = 0

    def ask(backend: DuckBackend, rows: pa.Table) -> pa.Table:
        table = backend.arrow("rows", rows)

        def make() -> ir.Table:
            nonlocal n_made
            n_made += 1
            return table.mutate(twice=table.n * 2).select("person_id", "twice")

        return backend.asked(("twice", table.schema()), make)

    first, second = DuckBackend(), DuckBackend()
    assert ask(first, ROWS)["twice"].to_pylist() == [2, 4, 6]
    assert ask(second, ROWS.slice(1, 1)).to_pylist() == [{"person_id": "bob", "twice": 4}]
    assert n_made == 1
    first.close()
    second.close()


def test_texts_that_nobody_uses_go() -> None:
    kept = compiling._Kept()
    for number in range(compiling.MOST_KEPT + 1):
        kept.put(number, ("text",))
        kept.get(0)
    assert (kept.get(0), kept.get(1), len(kept._texts)) == (("text",), None, compiling.MOST_KEPT)
