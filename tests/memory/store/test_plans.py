from datetime import timedelta

import pytest

from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound
from memory.store.engine import Store
from tests.factories.plans import good_plan


def test_a_plan_comes_back_byte_for_byte(any_store: Store, clock: ManualClock) -> None:
    with any_store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "mia", ("zoe",), clock.now(), "s1")
    with any_store.read() as uow:
        stored = uow.plans.get(good_plan().id)
    assert stored.plan == good_plan()
    assert (stored.status, stored.touched_by, stored.session_id) == ("draft", ("mia", "zoe"), "s1")
    assert stored.created_at == clock.now()


def test_putting_it_again_adds_who_touched_it_and_keeps_its_status(any_store: Store, clock: ManualClock) -> None:
    with any_store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "mia", (), clock.now())
        uow.plans.set_status(good_plan().id, "waiting")
        again = uow.plans.put(good_plan(), "ava", (), clock.now() + timedelta(days=1))
    assert (again.status, again.created_by, again.touched_by) == ("waiting", "mia", ("ava", "mia"))


def test_plans_are_listed_per_shop_and_status(any_store: Store, clock: ManualClock) -> None:
    other = good_plan().model_copy(update={"title": "another"})
    with any_store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "mia", (), clock.now())
        uow.plans.put(other, "mia", (), clock.now() + timedelta(hours=1))
        uow.plans.set_status(other.id, "approved")
        assert [each.plan.id for each in uow.plans.all("nord")] == [other.id, good_plan().id]
        assert [each.plan.id for each in uow.plans.all("nord", "approved")] == [other.id]
        assert uow.plans.all("sud") == ()


def test_some_plans_come_page_by_page_with_how_many_there_are(any_store: Store, clock: ManualClock) -> None:
    other = good_plan().model_copy(update={"title": "Half_price 100 %"})
    with any_store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "mia", (), clock.now())
        uow.plans.put(other, "mia", (), clock.now() + timedelta(hours=1))
        assert [(n, [one.plan.id for one in found]) for n, found in (
            uow.plans.some("nord", n=1), uow.plans.some("nord", start=1, n=1), uow.plans.some("nord", start=2),
        )] == [(2, [other.id]), (2, [good_plan().id]), (2, [])]  # fmt: skip
        for text in ("half_PRICE", "100 %", other.id[:12].upper()):
            assert [one.plan.id for one in uow.plans.some("nord", text=text)[1]] == [other.id]
        assert uow.plans.some("nord", text="half-price") == (0, ())  # a wildcard is a letter like any other
        assert uow.plans.some("nord", "approved") == uow.plans.some("sud") == (0, ())


def test_a_beginning_of_the_id_is_enough_where_it_is_one_plan_s(store: Store, clock: ManualClock) -> None:
    with store.unit_of_work() as uow:
        uow.plans.put(good_plan(), "mia", (), clock.now())
        assert uow.plans.get(good_plan().id[:8]).plan == good_plan()
        for wrong in (good_plan().id[:7], "%%%%%%%%%%", "0" * 64):
            with pytest.raises(NotFound):
                uow.plans.get(wrong)
        with pytest.raises(NotFound):
            uow.plans.set_status("0" * 64, "live")
