"""A delta gives what a rebuild gives, row for row, whatever happened in between."""

import shutil
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.market import Shop
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.keeping import Keeping
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from tests.factories.histories import History
from tools.facts import open_facts
from tools.profile import build_profiles
from tools.profile.daily import Brought, bring_up, facts_of, kept_profiles

pytestmark = pytest.mark.slow


def brought(history: History) -> Brought:
    manifest = Keeping(history.lake).manifest(history.shop.shop_id)
    with history.store.read() as uow:
        known = facts_of(uow.versions.get(manifest.version)) if manifest else None
        latest = facts_of(uow.versions.latest())
    return bring_up(history.lake, history.shop, latest, history.now, known)


def both(history: History, state: Brought) -> tuple[pa.Table, pa.Table]:
    tables = []
    with open_facts(history.store, history.lake, [history.shop.shop_id]) as view:
        for profiles in (
            kept_profiles(history.lake, state.manifest, view),
            build_profiles(view, history.shop, history.now),
        ):
            tables.append(profiles.to_pyarrow().cast(PROFILE_SCHEMA).sort_by("person_id").combine_chunks())
    return tables[0], tables[1]


def assert_same(history: History, state: Brought) -> None:
    ours, rebuilt = both(history, state)
    assert ours.to_pylist() == rebuilt.to_pylist()
    assert ours.equals(rebuilt)


@settings(max_examples=3)
@given(seed=st.integers(0, 10_000))
def test_a_delta_gives_the_rows_of_a_rebuild_whatever_happened(
    migrated_database: Path, tmp_path_factory: pytest.TempPathFactory, shop: Shop, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("home")
    shutil.copyfile(migrated_database, folder / "secondorder.db")
    store = open_store(f"sqlite:///{folder}/secondorder.db")
    history = History(store, Lake(folder / "lake"), shop, seed)
    hows = [brought(history).how]
    for _ in range(3):
        history.day()
        state = brought(history)
        hows.append(state.how)
        assert_same(history, state)
    store.close()
    assert hows == ["rebuilt", "delta", "delta", "delta"]


def test_nothing_is_done_twice(store: Store, lake: Lake, shop: Shop) -> None:
    history = History(store, lake, shop, 1)
    assert brought(history).how == "rebuilt"
    assert brought(history).how == "kept"
    history.now += timedelta(hours=1)
    assert brought(history).how == "delta"
