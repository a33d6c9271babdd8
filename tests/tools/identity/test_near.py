"""Resolving near the new links gives the people that resolving everything gives."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.store.engine import open_store
from memory.store.tables import metadata
from tools.identity.near import links_near
from tools.identity.people import resolve_people
from tools.ingest.people_rows import move_people

pytestmark = pytest.mark.slow

KINDS = ("email", "device", "phone", "customer_id")
NODES = st.integers(0, 30)
PAIRS = st.lists(st.tuples(NODES, NODES), max_size=25)


def link(left: int, right: int) -> dict[str, object]:
    names = {"left_subject": f"s{left}", "right_subject": f"s{right}"}
    kinds = {"left_kind": KINDS[left % 4], "right_kind": KINDS[right % 4]}
    return {**names, **kinds, "rule": "", "shop_id": "x", "source": "t", "at": datetime(2026, 1, 1, tzinfo=UTC)}


@settings(max_examples=60)
@given(batches=st.lists(PAIRS, min_size=1, max_size=4))
def test_s2_05_a_few_new_links_make_the_same_people_as_all_links(
    batches: list[list[tuple[int, int]]], tmp_path_factory: object
) -> None:
    store = open_store("sqlite:///:memory:")
    metadata.create_all(store.engine)
    folder = Path(tmp_path_factory.mktemp("links"))  # type: ignore[attr-defined]
    with store.unit_of_work() as uow:
        for number, pairs in enumerate(batches):
            rows = [link(left, right) for left, right in pairs if left != right]
            if not rows:
                continue
            uow.identities.add_links(rows)
            pq.write_table(pa.Table.from_pylist(rows), folder / f"{number}.parquet")
            move_people(uow, folder / f"{number}.parquet")
            assert uow.identities.snapshot().sort_by("subject_id") == resolve_people(uow.identities.links())


def test_behind_a_crowded_subject_nothing_is_read() -> None:
    store = open_store("sqlite:///:memory:")
    metadata.create_all(store.engine)
    with store.unit_of_work() as uow:
        uow.identities.add_links([link(1, 100 + number) for number in range(60)])
        near, seen = links_near(uow.identities, ["s100"])
    assert near.num_rows == 0
    assert seen == {"s100", "s1"}
