from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.lake.forgetting import forget_people
from memory.lake.keeping import MANIFEST, Keeping, Manifest
from memory.lake.lake import Lake
from tests.factories.facts import fact

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def keep(keeping: Keeping, shop: Shop, *people: str) -> Manifest:
    """Keep a state of these people; its edges name the first."""
    path = keeping.new_file(shop.shop_id, "sums")
    pq.write_table(pa.table({"person_id": list(people)}), path)
    manifest = Manifest(
        layout="1", shop=shop, version=1, made_at=DAY, tables={"orders": 0}, as_of=DAY, files={"sums": path.name},
        n_base=len(people), n_over=0, edges=(("m_quintile", "5", people[0]),),
    )  # fmt: skip
    assert keeping.put(manifest, keeping.erasures())
    return manifest


def people_of(keeping: Keeping, shop: Shop) -> list[str]:
    manifest = keeping.manifest(shop.shop_id)
    assert manifest is not None
    path = keeping.file(shop.shop_id, manifest, "sums")
    assert path is not None
    people: list[str] = pq.read_table(path)["person_id"].to_pylist()
    return people


def told(lake: Lake, *people: str) -> None:
    rows = [fact("orders", number, DAY, subject_id=person) for number, person in enumerate(people)]
    lake.append("orders", pa.Table.from_pylist(rows, LAKE_SCHEMAS["orders"]))


def holds(folder: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_what_is_put_is_found_and_the_later_one_counts(lake: Lake, shop: Shop) -> None:
    keeping = Keeping(lake)
    assert keeping.manifest(shop.shop_id) is None
    keep(keeping, shop, "ann")
    second = keep(keeping, shop, "ann", "ben")
    assert keeping.manifest(shop.shop_id) == second
    assert people_of(keeping, shop) == ["ann", "ben"]
    keeping.drop(shop.shop_id)
    assert keeping.manifest(shop.shop_id) is None


def test_an_unreadable_manifest_is_none(lake: Lake, shop: Shop) -> None:
    keeping = Keeping(lake)
    keep(keeping, shop, "ann")
    (keeping.root / shop.shop_id / MANIFEST).write_text('{"layout": "0"}')
    assert keeping.manifest(shop.shop_id) is None


def test_whoever_is_erased_leaves_every_kept_file_and_edge(lake: Lake, shop: Shop) -> None:
    keeping = Keeping(lake)
    told(lake, "ann-4711", "ben")
    keep(keeping, shop, "ann-4711", "ben")
    forget_people(lake, ["ann-4711"])
    assert people_of(keeping, shop) == ["ben"]
    manifest = keeping.manifest(shop.shop_id)
    assert manifest is not None
    assert manifest.edges == ()
    assert not holds(keeping.root, "ann-4711")


def test_others_who_lose_a_fact_are_owed(lake: Lake, shop: Shop) -> None:
    keeping = Keeping(lake)
    told(lake, "ann", "ben")
    rows = [fact("events", 0, DAY, subject_id="ben", order_ref="#0"), fact("events", 1, DAY, subject_id="ben")]
    lake.append("events", pa.Table.from_pylist(rows, LAKE_SCHEMAS["events"]))
    keep(keeping, shop, "ann", "ben")
    forget_people(lake, ["ann"])
    manifest = keeping.manifest(shop.shop_id)
    assert manifest is not None
    assert manifest.owed == ("ben",)


def test_a_state_made_from_facts_of_before_an_erasure_is_refused(lake: Lake, shop: Shop) -> None:
    keeping = Keeping(lake)
    manifest = keep(keeping, shop, "ann-4711", "ben")
    mark = keeping.erasures()
    path = keeping.new_file(shop.shop_id, "sums")
    forget_people(lake, ["ann-4711"])
    pq.write_table(pa.table({"person_id": ["ann-4711"]}), path)
    assert not keeping.put(manifest.model_copy(update={"files": {"sums": path.name}}), mark)
    assert people_of(keeping, shop) == ["ben"]
    assert not holds(keeping.root, "ann-4711")


def test_a_crash_while_erasing_leaves_no_state_and_nobody_in_it(
    lake: Lake, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = Keeping(lake)
    told(lake, "ann-4711", "ben")
    keep(keeping, shop, "ann-4711", "ben")
    with monkeypatch.context() as patched:
        patched.setattr("memory.lake.forgetting._forget", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forget_people(lake, ["ann-4711"])
    assert keeping.manifest(shop.shop_id) is None
    forget_people(lake, ["ann-4711"])
    assert keeping.manifest(shop.shop_id) is None
    assert not holds(keeping.root, "ann-4711")
