"""SQL remembered: the text is always the one that compiling gives, whatever was compiled before."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import ibis
import ibis.expr.types as ir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.lake import compiled
from memory.lake.backends import DuckBackend, _duck_texts
from memory.lake.compiled import Compiled

ROWS = ibis.table({"person_id": "string", "event_at": "timestamp('UTC')", "day": "date", "n": "int64"}, name="rows")
FIRST, LAST = datetime(1970, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
DAYS = st.dates(FIRST.date(), LAST.date())


def counted(since: datetime, until: datetime, day: date, ids: Sequence[str] = ("a", "b")) -> ir.Table:
    """An expression with a join, an aggregate, lists of ids and several instants, of which some may be the same."""
    late = ROWS.filter(ROWS.event_at > ibis.literal(since), ROWS.event_at <= ibis.literal(until))
    late = late.filter(late.person_id.isin(ids))
    by_person = late.group_by("person_id").agg(n=late.n.sum(), last=late.event_at.max())
    early = ROWS.filter(ROWS.day < ibis.literal(day), ROWS.event_at <= ibis.literal(until - timedelta(days=60)))
    early = early.filter(early.person_id.isin([*ids, "c"]) | early.person_id.isin(ids))
    return by_person.anti_join(early, "person_id").mutate(is_new=by_person["last"] > ibis.literal(until))


@pytest.fixture
def texts() -> Compiled:
    shared = _duck_texts()
    return Compiled(shared._compile, shared._text_of)


@pytest.mark.slow
@settings(max_examples=8)
@given(INSTANTS, INSTANTS, DAYS, INSTANTS, DAYS)
def test_the_text_is_that_of_compiling(a: datetime, b: datetime, day: date, c: datetime, other: date) -> None:
    """All orders and equalities of the instants: what is remembered of one case must not leak into the next."""
    remembered = _duck_texts()
    for since, until, on in ((a, b, day), (b, a, other), (c, c, day), (a, a, other), (b, c, c.date())):
        for ids in (["a"], ["a", "c"], ["x y"], ["o'k", "b"], [str(on), "p"]):
            expr = counted(since, until, on, ids)
            assert remembered.sql(expr) == remembered._compile(expr)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ROWS.filter(ROWS.n == 1),
        lambda: ROWS.filter(ROWS.n == 1.0),
        lambda: ROWS.mutate(x=ibis.literal(True)),
        lambda: ROWS.mutate(x=ibis.literal(1)),
        lambda: ROWS.mutate(x=ibis.literal("1")),
        lambda: ROWS.filter(ROWS.person_id.isin(["a", "b"])),
        lambda: ROWS.filter(ROWS.person_id.isin(["a", "c"])),
        lambda: ROWS.mutate(at=ibis.literal(FIRST)),
        lambda: ROWS.mutate(at=ibis.literal(datetime(2026, 1, 1, tzinfo=UTC))),
        lambda: ROWS.mutate(at=ibis.literal(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8))))),
        lambda: ROWS.event_at.max(),
        lambda: ROWS.limit(3),
        lambda: ROWS.limit(4),
        lambda: ROWS.order_by(ROWS.n.desc()).select("n"),
        lambda: ROWS.order_by(ROWS.n.asc()).select("n"),
    ],
)
def test_what_differs_in_more_than_instants_is_another_text(texts: Compiled, make: Callable[[], ir.Expr]) -> None:
    for each in (counted(*_case(1)), ROWS.mutate(x=ibis.literal(1.0)), ROWS.filter(ROWS.n == 1)):
        texts.sql(each)
    assert texts.sql(make()) == texts._compile(make()) == texts.sql(make())


def test_a_second_expression_of_a_shape_is_not_compiled(texts: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    texts.sql(counted(*_case(1)))
    other = counted(*_case(2), ["p", "q", "r", "s"])
    wanted = texts._compile(other)
    monkeypatch.setattr(texts, "_compile", _refuse)
    assert texts.sql(other) == wanted


@pytest.mark.parametrize(
    ("texts_said", "is_known"),
    [
        (("summer", "first_time"), True),
        (("same", "same"), False),  # one slot where there were two
        (("spring", "o'k"), False),
        (("spring", ""), False),
        (("spring", "a b"), False),
        (("1703-0", "1703-1"), True),
    ],
)
def test_plain_texts_are_filled_in_and_others_are_compiled(
    texts: Compiled, monkeypatch: pytest.MonkeyPatch, texts_said: tuple[str, str], is_known: bool
) -> None:
    texts.sql(_of_plan("spring", "regular"))
    wanted = texts._compile(_of_plan(*texts_said))
    if is_known:
        monkeypatch.setattr(texts, "_compile", _refuse)
    assert texts.sql(_of_plan(*texts_said)) == wanted
    assert len(texts._kept) == (1 if is_known else 2)


def test_a_column_named_after_its_instant_is_another_text(texts: Compiled) -> None:
    """Ibis names a column without a name after what it says, the instant included."""
    for year in (2025, 2026):
        expr = ROWS.select(ROWS.event_at > ibis.literal(datetime(year, 1, 1, tzinfo=UTC)))
        assert texts.sql(expr) == texts._compile(expr)


def test_where_a_stand_in_is_left_in_the_text_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = _duck_texts()
    monkeypatch.setattr(compiled, "_split", lambda piece, text, number: iter((piece,)))  # as if its text were not found
    texts = Compiled(shared._compile, shared._text_of)
    expr = counted(*_case(1))
    assert texts.sql(expr) == texts._compile(expr)
    assert list(texts._kept.values()) == [None]


def test_only_so_many_are_kept(texts: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "N_KEPT", 3)
    for n in range(8):
        texts.sql(ROWS.filter(ROWS.n == n))
    assert len(texts._kept) == 3


def test_a_connection_gives_the_rows_of_its_own_tables() -> None:
    """The text is shared, the tables are not."""
    for n in (1, 2):
        backend = DuckBackend()
        backend.con.con.execute(f"CREATE TABLE rows AS SELECT {n} AS n")
        table = backend.con.table("rows")
        assert table.filter(table.n > 0).to_pyarrow()["n"].to_pylist() == [n]
        backend.close()


def _case(n: int) -> tuple[datetime, datetime, date]:
    at = datetime(2026, 1, n, tzinfo=UTC)
    return at, at + timedelta(days=7), at.date()


def _of_plan(plan_id: str, cohort: str) -> ir.Table:
    mine = ROWS.filter(ROWS.person_id == plan_id).mutate(plan_id=ibis.literal(plan_id), cohort=ibis.literal(cohort))
    return mine.mutate(key=mine.plan_id + "/" + mine.cohort)


def _refuse(_expr: ir.Expr) -> str:
    raise AssertionError("compiled again")
