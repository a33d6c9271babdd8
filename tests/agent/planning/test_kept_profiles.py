"""A large shop's profiles come from its kept state and are those of a build; a small shop's are built."""

from datetime import timedelta

import pyarrow as pa
import pytest

from agent.planning.kept_profiles import KeptProfiles
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.keeping import Keeping
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.histories import History
from tests.factories.shop import a_shop
from tools.facts import open_facts
from tools.profile import build_profiles

pytestmark = pytest.mark.slow


@pytest.fixture
def history(store: Store, lake: Lake) -> History:
    shop = a_shop()
    with store.unit_of_work() as uow:
        uow.shops.add(shop)
    return History(store, lake, shop, 3)


def _is_same(history: History, from_orders: int) -> bool:
    with history.store.read() as uow:
        version = uow.versions.latest()
    make = KeptProfiles(history.store, history.lake, from_orders=from_orders)
    with open_facts(history.store, history.lake, [history.shop.shop_id]) as view:
        found = make(view, history.shop, history.now, version).to_pyarrow()
        wanted = build_profiles(view, history.shop, history.now).to_pyarrow()
    ours, theirs = (_sorted(one) for one in (found, wanted))
    assert ours.num_rows > 0
    return bool(ours.to_pylist() == theirs.to_pylist())


def _sorted(rows: pa.Table) -> pa.Table:
    return rows.cast(PROFILE_SCHEMA).sort_by("person_id")


def _kept_at(history: History) -> object:
    manifest = Keeping(history.lake).manifest(history.shop.shop_id)
    return manifest.as_of if manifest else None


def test_a_large_shops_profiles_are_kept_and_brought_up_and_are_those_of_a_build(history: History) -> None:
    assert _is_same(history, 1)
    assert _kept_at(history) == history.now
    history.day()
    assert _is_same(history, 1)
    assert _kept_at(history) == history.now


def test_a_small_shop_keeps_nothing(history: History) -> None:
    assert _is_same(history, 1_000_000)
    assert _kept_at(history) is None


def test_an_earlier_instant_and_an_erased_person_lead_to_the_rows_of_a_build(history: History) -> None:
    assert _is_same(history, 1)
    history.erase()
    assert _is_same(history, 1)
    history.now -= timedelta(hours=3)
    assert _is_same(history, 1)


def test_a_folder_that_cannot_be_written_costs_a_build_and_nothing_else(history: History) -> None:
    Keeping(history.lake).root.write_text("in the way")
    assert _is_same(history, 1)
