"""Random segment rules and a small random shop to try them on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args

import ibis.expr.types as ir
import pyarrow as pa
from hypothesis import strategies as st

from memory.domain.facts import EventKind
from memory.domain.profile import ATTRIBUTES, PROFILE_SCHEMA
from memory.domain.segment import AllOf, AnyOf, Bought, Compare, Did, Everyone, NotOf, OrderedBetween, SegmentRule
from memory.lake.view import LakeView
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tests.tools.segments.naive import World
from tools.segments.compare import kind_of

CATEGORIES = ("running", "socks", "跑步")
EVENTS = ("view", "cart", "mail_click", "return")
DAYS = st.integers(min_value=1, max_value=60)
COUNTS = st.none() | st.integers(min_value=0, max_value=4)


@st.composite
def comparisons(draw: st.DrawFn) -> Compare:
    attribute = draw(st.sampled_from(ATTRIBUTES))
    values: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(("DE", "running", "x")),
        "flag": st.booleans(),
        "number": st.integers(min_value=-2, max_value=6) | st.sampled_from((0.25, 0.5)),
        "instant": st.sampled_from(("2025-12-01", "2025-11-15T12:00:00+00:00", "2025-12-12T08:30:00")),
    }
    kind = kind_of(attribute)
    if kind in ("text", "number") and draw(st.booleans()):
        listed = draw(st.lists(values[kind], min_size=1, max_size=3))
        return Compare(attribute=attribute, test="in", value=tuple(listed))
    tests = ("eq", "ne") if kind in ("text", "flag") else ("eq", "ne", "lt", "le", "gt", "ge")
    return Compare.model_validate(
        {"attribute": attribute, "test": draw(st.sampled_from(tests)), "value": draw(values[kind])}
    )


LEAVES: st.SearchStrategy[SegmentRule] = st.one_of(
    comparisons(),
    st.builds(
        Did, events=st.lists(st.sampled_from(EVENTS), min_size=1, max_size=3).map(tuple),
        category=st.none() | st.sampled_from(CATEGORIES), within_days=st.none() | DAYS, at_least=COUNTS, at_most=COUNTS,
    ),
    st.builds(
        Bought, category=st.none() | st.sampled_from(CATEGORIES), sku=st.none() | st.sampled_from(("s1", "s2")),
        within_days=st.none() | DAYS, at_least=COUNTS, at_most=COUNTS,
    ),
    st.builds(
        OrderedBetween, from_on=st.sampled_from(("2025-11-10", "2025-12-01")),
        until_on=st.sampled_from(("2025-12-02", "2025-12-20")), at_least=st.integers(min_value=0, max_value=3),
    ),
    st.just(Everyone()),
)  # fmt: skip
RULES: st.SearchStrategy[SegmentRule] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(AllOf, of=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, of=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(NotOf, of=inner),
    ),
    max_leaves=6,
)
assert set(EVENTS) <= set(get_args(EventKind))


@contextmanager
def small_shop(root: Path, seed: int = 7, n_people: int = 12) -> Iterator[tuple[LakeView, ir.Table, World]]:
    """Open a random shop: the view, its profiles as a table, and the same as plain rows."""
    chance = Random(seed)
    people = [f"p{number}" for number in range(n_people)]
    facts = Facts()
    for _ in range(n_people * 4):
        order: dict[str, Any] = {"is_cancelled": chance.random() < 0.1, "is_paid": chance.random() < 0.9}
        order["refunded_minor"] = chance.choice((0, 0, 0, 2500, 5000))
        lines = [_article(chance) for _ in range(chance.randint(0, 3))]
        facts.order(chance.choice(people), ago(chance.randint(-1, 70), chance.randint(0, 23)), *lines, **order)
    for _ in range(n_people * 8):
        event = {"is_machine": chance.random() < 0.1, "category": chance.choice((*CATEGORIES, None))}
        facts.event(chance.choice(people), ago(chance.randint(-1, 70)), chance.choice(EVENTS), **event)
    facts.order("p1", ago(3), shop_id="south")
    profiles = {person: _profile(person, chance) for person in people}
    with facts.open(root) as view:
        table = view.memory_table("profiles", pa.Table.from_pylist(list(profiles.values()), PROFILE_SCHEMA))
        rows = {name: [row for row in found if row["shop_id"] == SHOP.shop_id] for name, found in facts.rows.items()}
        yield view, table, World(AS_OF, SHOP.zone, profiles, rows["orders"], rows["order_lines"], rows["events"])


def _article(chance: Random) -> dict[str, Any]:
    return {"sku": chance.choice(("s1", "s2", "s3")), "category": chance.choice(CATEGORIES)}


def _profile(person: str, chance: Random) -> dict[str, Any]:
    row: dict[str, Any] = {"shop_id": SHOP.shop_id, "person_id": person, "as_of": AS_OF}
    for attribute in ATTRIBUTES:
        kind = kind_of(attribute)
        value: Any = chance.choice(("DE", "FR", "running")) if kind == "text" else chance.random() < 0.5
        if kind == "instant":
            value = AS_OF - timedelta(days=chance.randint(0, 60))
        if kind == "number":
            is_whole = pa.types.is_integer(PROFILE_SCHEMA.field(attribute).type)
            value = chance.randint(0, 5) if is_whole else chance.choice((0.0, 0.25, 0.5, 1.0))
        row[attribute] = None if chance.random() < 0.2 else value
    return row
