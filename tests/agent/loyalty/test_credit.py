"""S2-35: wallet credit is refused before its window, accepted inside, expired after; the rest is reported as owed."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from time import sleep
from typing import Any

import pytest

from agent.loyalty.credit import CreditUse, use_credit, uses_of
from agent.loyalty.liability import ASSUMED, Liability, liability
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.money import Money
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.credits import CreditUseRow
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import a_programme, eur, joined

from .credit_shop import CREDIT, ENDS_AT, MAILED_AT, OPENS_AT, mailed

pytestmark = pytest.mark.slow
SECOND = timedelta(seconds=1)
ENOUGH = CREDIT.limits.min_spend
VALUE = CREDIT.incentive.amount.amount_minor  # type: ignore[union-attr]


def use(store: Store, plan: Plan, person: str, when: datetime, request: str = "q1", spend: Money = ENOUGH) -> CreditUse:
    with store.unit_of_work() as uow:
        return use_credit(uow, SHOP, plan.id, CREDIT.id, person, spend, request, when, frozenset())


def use_knowing_orders(store: Store, lake: Lake, plan: Plan, person: str, when: datetime, request: str) -> CreditUse:
    """As the command does: what facts show is read first."""
    with store.read() as uow:
        uses = uses_of(uow, lake, SHOP, plan.id, CREDIT.id, person, when)
    with store.unit_of_work() as uow:
        return use_credit(uow, SHOP, plan.id, CREDIT.id, person, ENOUGH, request, when, uses)


def ordered(store: Store, lake: Lake, *orders: tuple[str, datetime], **values: Any) -> None:
    """Import orders that carry the credit's code."""
    facts = Facts()
    facts.order("reader", MAILED_AT)
    for person, when in orders:
        facts.order(person, when, **{"discount_code": "FIRST-TIME-WALLET-CREDIT", **values})
    settle(store, lake, facts, OPENS_AT)


def owed(store: Store, lake: Lake, when: datetime) -> Liability:
    with store.read() as uow, lake.open(uow.versions.latest().tables, [SHOP.shop_id]) as view:
        return liability(view, uow, SHOP, when)


def test_s2_35_credit_is_refused_before_accepted_inside_and_expired_after(store: Store, lake: Lake) -> None:
    plan = mailed(store, lake, "ann", "bob")
    found = [
        use(store, plan, "ann", when, f"q{number}").code
        for number, when in enumerate((MAILED_AT, OPENS_AT - SECOND, OPENS_AT, ENDS_AT - SECOND))
    ]
    assert found == ["too_early", "too_early", "accepted", "used_up"]
    assert [use(store, plan, "bob", when, "q9").code for when in (ENDS_AT, ENDS_AT - SECOND)] == ["expired", "accepted"]
    said = use(store, plan, "bob", ENDS_AT, "q10")
    assert (said.opens_on, said.last_on, said.amount.amount_minor) == (date(2027, 1, 1), date(2027, 1, 31), VALUE)


def test_s2_35_a_request_is_used_once_and_only_by_who_was_mailed(store: Store, lake: Lake) -> None:
    plan = mailed(store, lake, "ann")
    assert [use(store, plan, "ann", OPENS_AT).code for _ in range(2)] == ["accepted", "repeated"]
    assert use(store, plan, "bob", OPENS_AT, "q2").code == "not_granted"
    with pytest.raises(InvalidInput, match="another use"):
        use(store, plan, "bob", OPENS_AT, "q1")


def test_s2_35_a_basket_that_is_too_small_uses_nothing(store: Store, lake: Lake) -> None:
    plan = mailed(store, lake, "ann")
    small = ENOUGH.model_copy(update={"amount_minor": ENOUGH.amount_minor - 1})
    assert [use(store, plan, "ann", OPENS_AT, spend=each).code for each in (small, ENOUGH)] == ["too_small", "accepted"]
    with pytest.raises(InvalidInput, match="sells in EUR"):
        use(store, plan, "ann", OPENS_AT, "q2", Money(amount_minor=90_000, currency="USD"))


def test_s2_35_an_offer_that_is_no_credit_is_not_found(store: Store, lake: Lake) -> None:
    plan = mailed(store, lake, "ann")
    with store.unit_of_work() as uow, pytest.raises(NotFound, match="points_multiple"):
        use_credit(uow, SHOP, plan.id, "vip.points_multiple", "reader", ENOUGH, "q1", OPENS_AT, frozenset())


def test_s2_35_an_order_with_the_code_used_it_for_the_till_too(store: Store, lake: Lake) -> None:
    plan = mailed(store, lake, "ann", "bob")
    ordered(store, lake, ("ann", OPENS_AT))
    found = [
        use_knowing_orders(store, lake, plan, person, OPENS_AT + SECOND, f"q-{person}") for person in ("ann", "bob")
    ]
    assert [one.code for one in found] == ["used_up", "accepted"]
    assert owed(store, lake, OPENS_AT + SECOND).credits[0].n_used == 2


def test_s2_35_a_till_that_asks_for_an_order_after_its_import_uses_it_on_that_order(store: Store, lake: Lake) -> None:
    plan = mailed(store, lake, "ann")
    ordered(store, lake, ("ann", OPENS_AT))
    found = [use_knowing_orders(store, lake, plan, "ann", OPENS_AT + SECOND, request) for request in ("#1", "#1", "#2")]
    assert [one.code for one in found] == ["accepted", "repeated", "used_up"]
    assert owed(store, lake, OPENS_AT + SECOND).credits[0].outstanding == eur(0)


def test_s2_35_only_paid_orders_of_its_days_used_it_by_its_code(store: Store, lake: Lake) -> None:
    """Plans name their offers alike: last year's order with the same code used last year's credit."""
    plan = mailed(store, lake, "before", "early", "after", "later")
    last_year, later = OPENS_AT - timedelta(days=365), OPENS_AT + timedelta(days=9)
    orders = (("before", last_year), ("early", OPENS_AT - SECOND), ("after", ENDS_AT), ("later", later))
    ordered(store, lake, *orders)
    assert owed(store, lake, later - SECOND).credits[0].n_used == 0
    assert owed(store, lake, ENDS_AT + SECOND).credits[0].n_used == 1
    assert use_knowing_orders(store, lake, plan, "before", later, "q1").code == "accepted"


def test_s2_35_an_order_for_which_the_till_used_another_plans_credit_used_none_of_this(
    store: Store, lake: Lake
) -> None:
    """Two plans gave ann the same offer for the same days: the till says of which plan the order used it."""
    plan = mailed(store, lake, "ann")
    ordered(store, lake, ("ann", OPENS_AT))
    used = CreditUseRow(
        shop_id=SHOP.shop_id, plan_id="b" * 64, offer_id=CREDIT.id, person_id="ann", use_no=0, request_id="#1",
        amount_minor=VALUE, used_at=OPENS_AT,
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.credits.use(used)
    assert owed(store, lake, OPENS_AT + SECOND).credits[0].n_used == 0
    assert use_knowing_orders(store, lake, plan, "ann", OPENS_AT + SECOND, "q1").code == "accepted"


def test_s2_35_an_order_that_is_not_paid_used_nothing(store: Store, lake: Lake) -> None:
    mailed(store, lake, "ann")
    ordered(store, lake, ("ann", OPENS_AT), is_paid=False)
    assert owed(store, lake, OPENS_AT + SECOND).credits[0].n_used == 0


def test_s2_35_two_tills_at_once_use_it_once(any_store: Store, lake: Lake) -> None:
    plan = mailed(any_store, lake, "ann")
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: use(any_store, plan, "ann", OPENS_AT, f"q{number}").code, range(6)))
    assert sorted(found) == ["accepted"] + ["used_up"] * 5


@contextmanager
def while_ann_uses_it(store: Store, plan: Plan, person: str, request: str) -> Iterator[Future[CreditUse]]:
    """Ann's request q1 is done and not committed while somebody else's runs; both may go on once the block ends."""
    with ThreadPoolExecutor(1) as pool:
        with store.unit_of_work() as uow:
            assert use_credit(uow, SHOP, plan.id, CREDIT.id, "ann", ENOUGH, "q1", OPENS_AT, frozenset()).is_accepted
            later = pool.submit(use, store, plan, person, OPENS_AT, request)
            sleep(0.5)
            assert not later.done()
        yield later


def test_s2_35_two_tills_at_once_use_it_twice_where_that_is_allowed_and_no_more(any_store: Store, lake: Lake) -> None:
    plan = mailed(any_store, lake, "ann", uses_per_person=2)
    with while_ann_uses_it(any_store, plan, "ann", "q2") as second:
        assert second.result().code == "accepted"
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: use(any_store, plan, "ann", OPENS_AT, f"r{number}").code, range(6)))
    assert found == ["used_up"] * 6


def test_s2_35_two_holders_at_once_cannot_share_a_request(any_store: Store, lake: Lake) -> None:
    plan = mailed(any_store, lake, "ann", "bob")
    with while_ann_uses_it(any_store, plan, "bob", "q1") as second, pytest.raises(InvalidInput, match="another use"):
        second.result()


def test_s2_35_accounts_told_apart_again_use_what_is_left_of_their_own(store: Store, lake: Lake) -> None:
    """What the other account used while both were one person is its own again: ann has one use left."""
    plan = mailed(store, lake, "ann", "old", uses_per_person=2)
    assert use(store, plan, "old", OPENS_AT, "q1").is_accepted
    for person, request in (("ann", "q2"), ("old", "q3")):
        with store.unit_of_work() as uow:
            uow.identities.move({"old": person})
        assert use(store, plan, "ann", OPENS_AT, request).code == "accepted"
    assert use(store, plan, "ann", OPENS_AT, "q4").code == "used_up"


def test_s2_35_the_liability_shows_what_is_outstanding_until_it_expires(store: Store, lake: Lake) -> None:
    """Four hold the credit: one uses it at the till, one by its code on an order, one cancels such an order."""
    plan = mailed(store, lake, "ann", "bob", "cay", "dan")
    before = owed(store, lake, MAILED_AT)
    assert (before.credits[0].outstanding, before.credits[0].not_open_yet) == (eur(4 * VALUE), eur(4 * VALUE))
    assert use(store, plan, "ann", OPENS_AT).is_accepted
    facts = Facts()
    facts.order("reader", MAILED_AT)
    for person, is_cancelled in (("bob", False), ("cay", True), ("stranger", False)):
        facts.order(person, OPENS_AT, discount_code="FIRST-TIME-WALLET-CREDIT", is_cancelled=is_cancelled)
    settle(store, lake, facts, OPENS_AT)
    (inside,) = owed(store, lake, OPENS_AT).credits
    assert (inside.n_granted, inside.n_used) == (4, 2)
    assert (inside.outstanding, inside.not_open_yet, inside.expired) == (eur(2 * VALUE), eur(0), eur(0))
    after = owed(store, lake, ENDS_AT)
    assert (after.credits[0].outstanding, after.credits[0].expired) == (eur(0), eur(2 * VALUE))
    assert (after.outstanding, after.points) == (eur(0), None)


def test_s2_35_every_use_that_is_left_is_owed(store: Store, lake: Lake) -> None:
    """Three uses each: ann made one at the till and another by the code, bob none, cay four by the code.

    The till names ann's request as the order it was for: with the code on that order it is still one use.
    """
    plan = mailed(store, lake, "ann", "bob", "cay", uses_per_person=3)
    assert owed(store, lake, MAILED_AT).credits[0].outstanding == eur(9 * VALUE)
    assert use(store, plan, "ann", OPENS_AT, "#1").is_accepted
    ordered(store, lake, *((person, OPENS_AT) for person in ("ann", "ann", "cay", "cay", "cay", "cay")))
    (found,) = owed(store, lake, OPENS_AT).credits
    assert (found.n_granted, found.n_used, found.outstanding) == (3, 2, eur((1 + 3) * VALUE))


def test_s2_35_points_are_owed_too_and_breakage_is_labelled_an_assumption(store: Store, lake: Lake) -> None:
    """200 points at a tenth of a euro, of which a fifth is assumed to lapse."""
    mailed(store, lake, "ann", with_points=True)
    found = owed(store, lake, MAILED_AT + SECOND)
    assert found.points is not None
    assert (found.points.n_members, found.points.points, found.points.cost) == (1, 200, eur(2_000))
    assert (found.points.expected_cost, found.points.breakage_label) == (eur(1_600), ASSUMED)
    assert found.outstanding == eur(2_000 + VALUE)
    assert found.points.n_orders_without_rate == 1


@pytest.mark.parametrize(
    ("points", "millis", "cost", "expected"),
    [(15, 1_000, 15, 2), (15, 100, 2, 0), (90_071_992_547, 999_999_999, 90_071_992_456_928_007, 9_007_199_245_692_801)],
)
def test_s2_35_what_points_cost_is_exact(
    store: Store, lake: Lake, points: int, millis: int, cost: int, expected: int
) -> None:
    """Nine of ten lapse: of 15 points at a cent 1.5 cents are left, and 2 cents after rounding half to even."""
    facts = Facts()
    joined(facts, "ann")
    facts.order("ann", MAILED_AT, subtotal_minor=points * 100)
    settle(store, lake, facts, MAILED_AT, a_programme(point_cost_millis=millis, breakage_rate=0.9))
    found = owed(store, lake, MAILED_AT + SECOND).points
    assert found is not None
    assert (found.points, found.cost, found.expected_cost) == (points, eur(cost), eur(expected))
