"""The post-purchase share is held on the sum of all plans of the same days (B7, I6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from agent.approval import NotApproved, decide
from agent.approval.requesting import request
from memory.domain.clock import ManualClock
from memory.domain.figures import MarketingMoney
from memory.domain.plan import Plan
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from memory.store.share_ledger import ShareRow
from tests.factories.planning import a_shop, eur, guardrails
from tests.factories.plans import edit_budget, good_plan
from tests.factories.verify import figures

MIA = Principal(id="mia", name="Mia", grants=(Grant(shop_id="nord", role="marketer"),))


def worth(minor: int, number: int = 0) -> Plan:
    """A plan of its own with so much money; the room of the good plan's shop is 15,000 EUR."""
    total = eur(0).model_copy(update={"amount_minor": minor})
    return edit_budget(good_plan(), total=total).model_copy(update={"title": f"plan {number}"})


def waiting(store: Store, clock: ManualClock, plans: list[Plan], money: MarketingMoney | None = None) -> list[str]:
    """Put the plans and ask for their approval; an approver for each."""
    with store.unit_of_work() as uow:
        uow.shops.put(a_shop())
        uow.guardrails.put("nord", guardrails(), by="mia", at=clock.now())
        uow.figures.put(figures() if money is None else figures(money=money))
        uow.principals.add(MIA, clock.now())
        for number, plan in enumerate(plans):
            uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=clock.now())
            uow.principals.add(approver(number), clock.now(), by="root")
    return [request(store, clock, MIA, plan.id).id for plan in plans]


def approver(number: int) -> Principal:
    return Principal(id=f"ava{number}", name="Ava", grants=(Grant(shop_id="nord", role="approver"),))


@pytest.mark.slow
def test_b7_fifty_approvers_at_once_on_plans_of_a_tenth_each_let_exactly_ten_pass(
    any_store: Store, clock: ManualClock
) -> None:
    requests = waiting(any_store, clock, [worth(150_000, number) for number in range(50)])
    barrier = Barrier(10)

    def approve(number: int) -> bool:
        if number < 10:
            barrier.wait()
        try:
            decide(any_store, clock, approver(number), requests[number], "approve")
        except NotApproved:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        passed = sum(pool.map(approve, range(50)))
    assert passed == 10
    with any_store.read() as uow:
        assert uow.share_ledger.overlapping("nord", good_plan().anchor_on, good_plan().ends_on) == 1_500_000
        row = uow.session.get_one(ShareRow, "nord")
        assert (row.limit_minor, row.reserved_minor) == (1_500_000, 1_500_000)
        assert sum(each.status == "approved" for each in uow.plans.all("nord")) == 10


def test_b7_the_database_itself_refuses_an_overdrawn_share(any_store: Store) -> None:
    """The planted bug: a reservation that looks at nothing."""
    with pytest.raises(IntegrityError), any_store.unit_of_work() as uow:
        uow.session.add(ShareRow(shop_id="nord", limit_minor=100, reserved_minor=101))
        uow.session.flush()


@pytest.mark.parametrize("total", [0, -5_000_000])
def test_b7_no_money_or_more_taken_back_than_spent_means_no_budget(
    store: Store, clock: ManualClock, total: int
) -> None:
    money = MarketingMoney(
        period_from=date(2026, 9, 2), period_until=date(2026, 11, 30), total_minor=total, post_share_rate=None
    )
    plan = edit_budget(worth(1), present_share_rate=None)
    (request_id,) = waiting(store, clock, [plan], money)
    with pytest.raises(NotApproved, match="too little"):
        decide(store, clock, approver(0), request_id, "approve")


def test_b7_a_retry_charges_nothing_twice_and_days_apart_do_not_add_up(any_store: Store) -> None:
    day = date(2026, 12, 1)
    with any_store.unit_of_work() as uow:
        ledger = uow.share_ledger
        days = (day, day + timedelta(days=90))
        assert ledger.reserve("nord", "p1", 60, 100, *days)
        assert ledger.reserve("nord", "p1", 60, 100, *days)
        assert not ledger.reserve("nord", "p2", 41, 100, *days)
        later = (days[1] + timedelta(days=1), days[1] + timedelta(days=91))
        assert ledger.reserve("nord", "p3", 100, 100, *later)
        ledger.release("p1")
        assert ledger.reserve("nord", "p2", 100, 100, *days)
        assert not ledger.reserve("nord", "p4", -1, 100, *later)


def test_b7_the_second_checker_counts_the_plans_beside_it_too() -> None:
    from agent.verify import verify_plan
    from memory.domain.outcome import Allowed, Denied
    from tests.factories.verify import plan_now

    plan = good_plan()
    room = 1_500_000 - plan.budget.total.amount_minor
    assert verify_plan(plan_now(concurrent_minor=room), ()) == Allowed()
    over = verify_plan(plan_now(concurrent_minor=room + 1), ())
    assert isinstance(over, Denied)
    assert over.codes == ("outside_path_step",)
