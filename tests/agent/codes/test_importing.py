"""Importing a pool for a plan's offers."""

import pytest

from agent.codes import PoolImport, import_pool
from memory.domain.errors import NotReady
from memory.store.engine import Store
from tests.factories.coded import OFFER, POOL, CodedShop, a_coded_shop


@pytest.fixture
def coded(store: Store) -> CodedShop:
    return a_coded_shop(store, POOL)


def take(coded: CodedShop, *lines: str, dry_run: bool = False) -> PoolImport:
    content = "\n".join(("code,offer,expires_on", *lines)).encode()
    with coded.store.unit_of_work() as uow:
        return import_pool(uow, coded.plan, content, "mia", coded.clock.now(), dry_run=dry_run)


def test_codes_are_added_once_and_leave_with_their_messages(coded: CodedShop) -> None:
    lines = [f"NORD-{n:04d},{OFFER}," for n in range(5)]
    found = take(coded, *lines, f"NORD-9999,nobody.{OFFER},")
    assert (found.n_rows, found.n_added, found.by_offer, found.n_refused) == (6, 5, {OFFER: 5}, 1)
    again = take(coded, *lines)
    assert (again.n_added, again.n_refused) == (0, 5)
    assert {one.problem for one in again.refused} == {"known_already"}
    assert coded.run().n_sent == 4


def test_a_dry_run_says_the_same_and_keeps_nothing(coded: CodedShop) -> None:
    found = take(coded, f"NORD-0001,{OFFER},", dry_run=True)
    assert (found.n_added, found.is_dry_run) == (1, True)
    assert coded.run().n_sent == 0


def test_a_code_that_somebody_has_is_not_imported_again(coded: CodedShop) -> None:
    take(coded, f"NORD-0001,{OFFER},")
    coded.run()
    assert take(coded, f"nord-0001,{OFFER},").refused[0].problem == "known_already"


def test_a_shop_whose_codes_come_from_elsewhere_takes_no_pool(coded: CodedShop) -> None:
    with coded.store.unit_of_work() as uow:
        uow.code_sources.remove("nord")
    with pytest.raises(NotReady, match="secondorder codes source pool"):
        take(coded, f"NORD-0001,{OFFER},")


def test_another_version_of_the_plan_uses_the_same_pool_where_the_offer_is_worth_the_same(coded: CodedShop) -> None:
    other = coded.plan.model_copy(update={"title": "Another version"})
    content = f"code,offer,expires_on\nNORD-0001,{OFFER},\n".encode()
    with coded.store.unit_of_work() as uow:
        import_pool(uow, other, content, "mia", coded.clock.now())
    assert coded.run().n_sent == 1
