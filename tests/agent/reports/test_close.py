"""S2-18: the monthly close counts what was planned, committed, sent and redeemed, and ties the latter to orders."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest

from agent.reports.close import CloseLine, MonthlyClose, _rounded, month_of, monthly_close
from agent.reports.close_files import close_csv, orders_csv
from agent.tick import go_live
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput
from memory.domain.offer import GiftWithPurchase, Offer
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World, a_world, learn
from tests.factories.facts import Facts
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import a_programme
from tools.outcomes.redeemed import code_of
from tools.priors.amounts import message_cost_millis

pytestmark = pytest.mark.slow

KEY = b"a key for tests only, 32 bytes.."
AS_OF = datetime(2027, 4, 1, tzinfo=UTC)
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def world(store: Store, lake: Lake) -> World:
    found = a_world(store, lake, 12)
    go_live(store, lake, ManualClock(LIVE_AT), KEY, found.approved)
    return found


def offer_of(world: World, offer_id: str) -> Offer:
    return next(one for one in world.plan.offers if one.id == offer_id)


def on_first_day(offer: Offer, hour: int = 12) -> datetime:
    return datetime.combine(offer.limits.valid_from, datetime.min.time(), UTC) + timedelta(hours=hour)


def bought(store: Store, lake: Lake, facts: Facts) -> None:
    """Add orders of the world's shop under ids that the world does not have."""
    for rows in facts.rows.values():
        for row in rows:
            ids: dict[str, str] = {name: f"close-{row[name]}" for name in ("fact_id", "order_fact_id") if name in row}
            row.update(ids, shop_id="nord")
    learn(store, lake, facts, AS_OF)


def closed(store: Store, lake: Lake, month: date) -> tuple[MonthlyClose, list[dict[str, object]]]:
    found, orders = monthly_close(store, lake, "nord", month, AS_OF)
    return found, orders.to_pylist()


def lines(found: MonthlyClose, *items: str) -> list[CloseLine]:
    return [line for line in found.lines if line.item in items]


def test_messages_count_in_the_month_they_were_claimed_in_by_market_and_channel(
    store: Store, lake: Lake, world: World
) -> None:
    """The month is the shop's: 23:30 UTC on the last of November is December in Berlin."""
    plan, price = world.plan.id, message_cost_millis("email", "EUR")
    at = [datetime(2026, 11, 30, 23, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)]
    with store.unit_of_work() as uow:
        for number, when in enumerate((at[0], LIVE_AT, at[1])):
            a_send(uow, "nord", f"k{number}", "p00000", "email", when, plan_id=plan, market="DE", cost_millis=5_250)
        a_send(
            uow, "nord", "lost", "p00001", "email", LIVE_AT, plan_id=plan, market="US", state="unknown", extra_millis=40
        )
        a_send(uow, "nord", "held", "p00001", "email", LIVE_AT, plan_id=plan, market="US", state="claimed")
        a_send(uow, "nord", "kept", "p00001", "email", LIVE_AT, plan_id=plan, market="US", state="suppressed")
    found, _ = closed(store, lake, DECEMBER)
    told = [
        (one.item, one.market, one.channel, one.n, one.amount.amount_minor) for one in lines(found, "sent", "unknown")
    ]
    assert told == [
        ("sent", "DE", "email", 2, _rounded(2 * price, 1000)),
        ("unknown", "US", "email", 1, _rounded(price + 40, 1000)),
    ]
    committed = [(one.market, one.n, one.amount.amount_minor) for one in lines(found, "committed")]
    assert committed == [("DE", 2, 10), ("US", 2, 0)]
    assert [one.n for one in lines(closed(store, lake, date(2027, 1, 1))[0], "sent")] == [1]


def test_what_is_planned_is_the_reach_and_cost_of_the_months_steps(store: Store, lake: Lake, world: World) -> None:
    per_month = [
        lines(closed(store, lake, date(2026 + m // 12, m % 12 + 1, 1))[0], "planned") for m in (11, 12, 13, 14)
    ]
    steps = [step for step in world.plan.steps() if step.owner == "us"]
    assert sum(one.n for month in per_month for one in month) == sum(step.expected_reach for step in steps)
    assert sum(one.amount.amount_minor for month in per_month for one in month) == sum(
        step.expected_cost.amount_minor for step in steps
    )
    assert all(month for month in per_month[:3])


def test_s2_18_every_redeemed_euro_is_tied_to_an_order(store: Store, lake: Lake, world: World) -> None:
    credit, facts = offer_of(world, "first_time.store_credit"), Facts()
    at = on_first_day(credit)
    code = code_of(credit.id)
    facts.order("p00000", at, order_ref="#1", discount_code=code, discount_minor=500, subtotal_minor=9000, market="DE")
    facts.order("p00001", at, order_ref="#2", discount_code=code, discount_minor=500, subtotal_minor=9000, market="US")
    facts.order("p00002", at, order_ref="#3", discount_code=code, discount_minor=500, is_cancelled=True)
    facts.order("p00003", at - timedelta(days=2), order_ref="#4", discount_code=code, discount_minor=500)
    facts.order("p00004", at, order_ref="#5", discount_code="ELSE", discount_minor=500)
    bought(store, lake, facts)
    found, orders = closed(store, lake, at.date().replace(day=1))
    assert [(row["order_ref"], row["offer_id"], row["cost_minor"]) for row in orders] == [
        ("#1", credit.id, 500), ("#2", credit.id, 500),
    ]  # fmt: skip
    redeemed = [(one.market, one.n, one.amount.amount_minor) for one in lines(found, "redeemed")]
    assert redeemed == [("DE", 1, 500), ("US", 1, 500)]
    assert sum(one.amount.amount_minor for one in lines(found, "redeemed")) == sum(
        int(str(row["cost_minor"])) for row in orders
    )


def test_a_gift_and_a_code_on_one_order_are_two_uses_of_it(store: Store, lake: Lake, world: World) -> None:
    """Each on its own days: where they have none in common the code alone is used on the code's."""
    gift = next(one for one in world.plan.offers if isinstance(one.incentive, GiftWithPurchase))
    credit = offer_of(world, "first_time.store_credit")
    assert isinstance(gift.incentive, GiftWithPurchase)
    free = {"sku": gift.incentive.sku, "unit_price_minor": 900, "discount_minor": 900, "quantity": 1}
    order = {"discount_code": code_of(credit.id), "discount_minor": 700, "subtotal_minor": 9000}
    facts, days = Facts(), (on_first_day(gift), on_first_day(credit))
    for number, at in enumerate(days):
        facts.order("p00000", at, free, order_ref=f"#{number}", **order)
    bought(store, lake, facts)
    costs = {gift.id: gift.cost_per_use.amount_minor, credit.id: 700}
    for number, at in enumerate(days):
        _, orders = closed(store, lake, at.date().replace(day=1))
        valid = [one for one in (gift, credit) if one.limits.valid_from <= at.date() <= one.limits.valid_until]
        found = {str(row["offer_id"]): row["cost_minor"] for row in orders if row["order_ref"] == f"#{number}"}
        assert found == {one.id: costs[one.id] for one in valid}


def test_points_credit_and_model_runs_have_lines_of_their_own(store: Store, lake: Lake, world: World) -> None:
    with store.unit_of_work() as uow:
        uow.loyalty.set_programme("nord", a_programme(), "mia", LIVE_AT)
    found, _ = closed(store, lake, DECEMBER)
    assert [(one.n, one.amount.amount_minor) for one in lines(found, "points_owed")] == [(0, 0)]
    assert (found.is_over, found.zone) == (True, "Europe/Berlin")
    before, _ = monthly_close(store, lake, "nord", DECEMBER, datetime(2026, 12, 15, tzinfo=UTC))
    assert not before.is_over


def test_files_hold_major_units_and_no_formula(store: Store, lake: Lake, world: World) -> None:
    credit, facts = offer_of(world, "first_time.store_credit"), Facts()
    at = on_first_day(credit)
    facts.order("p00000", at, order_ref="=1+1", discount_code=code_of(credit.id), discount_minor=505, market="DE")
    bought(store, lake, facts)
    found, orders = monthly_close(store, lake, "nord", at.date().replace(day=1), AS_OF)
    told = list(csv.DictReader(StringIO(orders_csv(orders, world.shop).decode("utf-8-sig"))))
    assert [(row["order_ref"], float(row["cost"]), row["currency"]) for row in told] == [("'=1+1", 5.05, "EUR")]
    assert told[0]["ordered_at"] == f"{credit.limits.valid_from}T13:00:00+01:00"
    sums = list(csv.DictReader(StringIO(close_csv(found).decode("utf-8-sig"))))
    assert [float(row["amount"]) for row in sums if row["item"] == "redeemed"] == [5.05]


@pytest.mark.parametrize("text", ["2026-13", "November", "2026-11-01", ""])
def test_what_is_no_month_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(InvalidInput, match="2026-11"):
        month_of(text)


def test_a_month_that_has_not_begun_is_refused(store: Store, lake: Lake, world: World) -> None:
    with pytest.raises(InvalidInput, match="has not begun"):
        monthly_close(store, lake, "nord", date(2028, 1, 1), AS_OF)


@pytest.mark.parametrize(
    ("amount", "by", "wanted"), [(500, 1000, 0), (1500, 1000, 2), (2500, 1000, 2), (2501, 1000, 3)]
)
def test_sums_are_rounded_once_half_to_even(amount: int, by: int, wanted: int) -> None:
    assert _rounded(amount, by) == wanted
