"""Redemptions return through orders: whose code, who used it, how often, at what cost; and the alarms about them."""

from typing import Any

import pyarrow as pa
import pytest

from agent.codes import REDEMPTIONS_SCHEMA, look_at_redemptions, redemptions
from agent.codes.alarms import alarms_of, planned_cost
from agent.loyalty.credit_uses import credit_uses
from agent.monday import card_lines, card_of
from agent.reports.close import monthly_close
from memory.domain.codes import CodeAlarm
from memory.domain.offer import StoreCredit
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.coded import OFFER, POOL, CodedShop, a_coded_shop
from tests.factories.sends import a_send

pytestmark = pytest.mark.slow


@pytest.fixture
def coded(store: Store) -> CodedShop:
    """Four people whose codes left."""
    found = a_coded_shop(store, POOL)
    found.fill_pool(*(f"NORD-{n:04d}" for n in range(4)))
    assert found.run().n_sent == 4
    found.later(days=1)
    return found


@pytest.fixture
def codes(coded: CodedShop) -> dict[str, str]:
    return {grant["person_id"]: grant["code"] for grant in coded.grants()}


def seen(coded: CodedShop, lake: Lake) -> list[dict[str, Any]]:
    with coded.store.read() as uow:
        shop, tables = uow.shops.get("nord"), uow.versions.latest().tables
        granted = uow.codes.table("nord", [coded.plan.id])
    with lake.open(tables, ["nord"]) as view:
        found = redemptions(view, shop, granted, [(coded.plan.id, coded.offer)], coded.clock.now())
        return list(found.to_pylist())


def look(coded: CodedShop, lake: Lake) -> list[CodeAlarm]:
    return list(look_at_redemptions(coded.store, lake, "nord", coded.clock.now()))


def test_an_order_with_a_code_settles_whose_it_is(coded: CodedShop, lake: Lake, codes: dict[str, str]) -> None:
    ann, bob, *_ = coded.people
    coded.buy(
        lake,
        {"person": ann, "code": codes[ann].lower().replace("-", " "), "order_ref": "#1", "discount_minor": 1500},
        {"person": ann, "code": "WELCOME", "order_ref": "#2"},
        {"person": bob, "code": codes[bob], "order_ref": "#3", "is_cancelled": True},
        {"person": bob, "code": codes[bob], "order_ref": "#4", "is_paid": False},
    )
    (row,) = seen(coded, lake)
    assert (row["order_ref"], row["person_id"], row["buyer_id"]) == ("#1", ann, ann)
    assert (row["is_other"], row["use_no"], row["cost_minor"]) == (False, 1, 1500)
    assert look(coded, lake) == []


def test_a_code_used_by_somebody_else_is_told(coded: CodedShop, lake: Lake, codes: dict[str, str]) -> None:
    ann, bob, *_ = coded.people
    coded.buy(
        lake,
        {"person": bob, "code": codes[ann], "order_ref": "#1"},
        {"person": None, "code": codes[bob], "order_ref": "#2"},
    )
    rows = {row["order_ref"]: row for row in seen(coded, lake)}
    assert rows["#1"]["is_other"] and rows["#1"]["person_id"] == ann and rows["#1"]["buyer_id"] == bob
    assert not rows["#2"]["is_other"]  # an order that names nobody is called nobody else's
    (alarm,) = look(coded, lake)
    assert (alarm.kind, alarm.n, alarm.at_stake.amount_minor) == ("other_person", 1, 1500)
    assert not any(word in alarm.message for word in (ann, bob, codes[ann]))


def test_a_code_used_twice_is_told_once_and_again_when_it_grows(
    coded: CodedShop, lake: Lake, codes: dict[str, str]
) -> None:
    ann = coded.people[0]
    coded.buy(lake, *({"person": ann, "code": codes[ann], "order_ref": f"#{n}"} for n in range(2)))
    (alarm,) = look(coded, lake)
    assert (alarm.kind, alarm.n, alarm.at_stake.amount_minor) == ("reused", 1, 1500)
    assert look(coded, lake) == []
    with coded.store.unit_of_work() as uow:
        uow.code_alarms.settle("nord", coded.plan.id, OFFER, "reused", "mia", coded.clock.now())
        assert uow.code_alarms.all("nord", open_only=True) == ()
    assert look(coded, lake) == []
    coded.buy(lake, {"person": ann, "code": codes[ann], "order_ref": "#9"})
    (again,) = look(coded, lake)
    assert (again.n, again.settled_by) == (2, "")
    with coded.store.read() as uow:
        assert [one.code for one in uow.alerts.all("nord")] == ["redemptions", "redemptions"]


def test_an_alarm_stands_on_the_monday_card_with_its_money(coded: CodedShop, lake: Lake, codes: dict[str, str]) -> None:
    ann = coded.people[0]
    coded.buy(lake, *({"person": ann, "code": codes[ann], "order_ref": f"#{n}"} for n in range(3)))
    look(coded, lake)
    with coded.store.read() as uow:
        card = card_of(uow, "nord", coded.clock.now())
    (one,) = [each for each in card.decisions if each.kind == "redemptions"]
    assert one.at_stake is not None and one.at_stake.amount_minor == 3000
    assert one.address == f"/ui/plans/{coded.plan.id}?part=offers"
    said = "\n".join(card_lines(card, "en", "Europe/Berlin", "https://plan.example"))
    assert "30.00 EUR at stake, counted on orders" in said
    assert "按订单统计" in "\n".join(card_lines(card, "zh", "Europe/Berlin", "https://plan.example"))


def test_more_redemptions_than_forecast_raise_an_alarm_with_the_interval(coded: CodedShop, lake: Lake) -> None:
    """Of 100 people told, 40 redeemed; the plan expects far fewer."""
    shop, told = coded_shop(coded), 100
    rows = [redeemed(coded, n) for n in range(40)]
    table = as_table(rows)
    (rate,) = [
        one for one in alarms_of(shop, coded.plan, coded.offer, table, told, coded.clock.now()) if one.kind == "rate"
    ]
    over = 40 - coded.offer.redemption_rate * told
    assert rate.at_stake.amount_minor == round(over * coded.offer.cost_per_use.amount_minor) > 0
    assert "40 of 100 people redeemed it, 40.0% (95 % interval from 30.9% on)" in rate.message
    few = as_table(rows[: round(coded.offer.redemption_rate * told)])
    kinds = [one.kind for one in alarms_of(shop, coded.plan, coded.offer, few, told, coded.clock.now())]
    assert "rate" not in kinds
    assert list(alarms_of(shop, coded.plan, coded.offer, as_table(rows[:4]), 4, coded.clock.now())) == []


def test_redemptions_dearer_than_the_plans_budget_for_the_offer_raise_an_alarm(coded: CodedShop) -> None:
    share = planned_cost(coded.plan, coded.offer).amount_minor
    table = as_table([redeemed(coded, 0, cost_minor=share), redeemed(coded, 1, cost_minor=250)])
    (cost,) = alarms_of(coded_shop(coded), coded.plan, coded.offer, table, 1_000, coded.clock.now())
    assert (cost.kind, cost.n, cost.at_stake.amount_minor) == ("cost", 2, 250)
    exact = as_table([redeemed(coded, 0, cost_minor=share)])
    assert list(alarms_of(coded_shop(coded), coded.plan, coded.offer, exact, 1_000, coded.clock.now())) == []


def test_s2_18_the_monthly_close_ties_codes_to_orders(coded: CodedShop, lake: Lake, codes: dict[str, str]) -> None:
    ann, bob, *_ = coded.people
    coded.buy(
        lake,
        {"person": ann, "code": codes[ann], "order_ref": "#1", "discount_minor": 1500},
        {"person": bob, "code": "NORD-7777", "order_ref": "#2", "discount_minor": 900},
    )
    coded.later(days=60)
    found, orders = monthly_close(
        coded.store, lake, "nord", coded.offer.limits.valid_from.replace(day=1), coded.clock.now()
    )
    assert [(row["order_ref"], row["offer_id"], row["cost_minor"]) for row in orders.to_pylist()] == [
        ("#1", OFFER, 1500)
    ]
    (line,) = [line for line in found.lines if line.item == "redeemed"]
    assert (line.plan_id, line.n, line.amount.amount_minor) == (coded.plan.id, 1, 1500)


def test_a_credits_code_on_an_order_is_a_use_of_the_credit(coded: CodedShop, lake: Lake, codes: dict[str, str]) -> None:
    ann = coded.people[0]
    coded.buy(lake, {"person": ann, "code": codes[ann], "order_ref": "#1"})
    assert isinstance(coded.offer.incentive, StoreCredit)
    with coded.store.read() as uow, lake.open(uow.versions.latest().tables, ["nord"]) as view:
        used = credit_uses(
            view, uow, uow.shops.get("nord"), coded.plan.id, coded.offer, coded.offer.incentive, coded.clock.now()
        )
        assert used.to_pyarrow().to_pylist() == [{"person_id": ann, "use_id": "#1"}]


def test_messages_that_left_are_what_a_rate_is_of(coded: CodedShop) -> None:
    with coded.store.unit_of_work() as uow:
        a_send(
            uow, "nord", "x", "p9", "email", coded.clock.now(), plan_id=coded.plan.id, offer_id=OFFER, state="failed"
        )
        assert uow.codes.told("nord") == {(coded.plan.id, OFFER): 4}


def coded_shop(coded: CodedShop) -> Any:
    with coded.store.read() as uow:
        return uow.shops.get("nord")


def redeemed(coded: CodedShop, number: int, cost_minor: int = 100) -> dict[str, Any]:
    return {
        "grant_id": f"g{number}", "plan_id": coded.plan.id, "offer_id": OFFER, "person_id": f"p{number}",
        "order_ref": f"#{number}", "redeemed_at": coded.clock.now(), "buyer_id": f"p{number}", "is_other": False,
        "use_no": 1, "cost_minor": cost_minor,
    }  # fmt: skip


def as_table(rows: list[dict[str, Any]]) -> Any:
    return pa.Table.from_pylist(rows, REDEMPTIONS_SCHEMA)
