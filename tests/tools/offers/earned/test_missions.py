"""The January mission: which three actions earn 300 points, and when they don't."""

from datetime import date
from pathlib import Path

import pytest

from memory.domain.errors import InvalidInput
from memory.domain.offer import BonusPoints, Offer
from tests.factories.facts import SHOP, Facts
from tools.offers.earned import missions_earned, window_of

from .january import AS_OF, MISSION, REFERRAL, a_new_article, at, limited, missions, two_tasks

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    a_new_article(found)
    return found


def test_s2_54_open_the_app_view_new_and_buy_for_50_earns_300_points_once(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "ann")
    two_tasks(facts, "ann", day=8)
    facts.order("ann", at(6), subtotal_minor=5000)
    facts.order("ann", at(9), subtotal_minor=9000)
    assert missions(facts, tmp_path) == [
        {"person_id": "ann", "earned_at": at(6), "points": 300, "status": "earned", "reason": "", "heard_at": None}
    ]


def test_s2_54_a_cent_less_than_50_does_not_count(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "cent", "full")
    facts.order("cent", at(6), subtotal_minor=4999, shipping_minor=900, tax_minor=900)
    facts.order("cent", at(7), subtotal_minor=4999)
    facts.order("full", at(6), subtotal_minor=5000, shipping_minor=0)
    assert [row["person_id"] for row in missions(facts, tmp_path)] == ["full"]


@pytest.mark.parametrize("missing", ["app_open", "view", "purchase"])
def test_s2_54_two_of_three_actions_earn_nothing(facts: Facts, tmp_path: Path, missing: str) -> None:
    for kind, sku in (("app_open", None), ("view", "new-coat")):
        if kind != missing:
            facts.event("ann", at(5), kind, sku=sku)
    if missing != "purchase":
        facts.order("ann", at(6))
    assert missions(facts, tmp_path) == []


def test_s2_54_only_shop_local_days_of_the_window_count(facts: Facts, tmp_path: Path) -> None:
    """The shop's January begins and ends at 23:00 UTC: Berlin is an hour ahead."""
    for person, placed_at in {
        "early": at(31, 22, 12, 59).replace(year=2026),
        "first": at(31, 23, 12).replace(year=2026),
        "last": at(31, 22, 1, 59),
        "late": at(31, 23),
    }.items():
        two_tasks(facts, person)
        facts.order(person, placed_at)
    two_tasks(facts, "december", day=5)
    facts.order("opened_late", at(6))
    facts.event("opened_late", at(1, month=2), "app_open")
    facts.event("opened_late", at(6), sku="new-coat")
    assert [row["person_id"] for row in missions(facts, tmp_path)] == ["first", "last"]
    february = limited(MISSION, valid_from=date(2027, 2, 1), valid_until=date(2027, 2, 28))
    assert missions(facts, tmp_path / "later", offer=february) == []


def test_s2_54_an_order_in_another_currency_counts_at_its_days_rate(facts: Facts, tmp_path: Path) -> None:
    """USD 55.00 is EUR 49.50 while a dollar is 0.90, and EUR 50.05 from the 10th on, when it is 0.91."""
    for day, rate in ((1, "0.90"), (10, "0.91")):
        facts.add("rates", at(day), base="USD", quote="EUR", rate_on=date(2027, 1, day), rate_text=rate)
    for person, day in (("before", 9), ("after", 10)):
        two_tasks(facts, person)
        facts.order(person, at(day), subtotal_minor=5500, currency="USD")
    assert [row["person_id"] for row in missions(facts, tmp_path)] == ["after"]


def test_s2_54_points_go_back_when_less_than_50_is_left(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "kept", "part", "whole", "gone", "again")
    facts.order("kept", at(6), subtotal_minor=6000, refunded_minor=1000)
    facts.order("part", at(6), subtotal_minor=6000, refunded_minor=1001)
    facts.order("whole", at(6), subtotal_minor=6000, refunded_minor=6000)
    facts.order("gone", at(6), subtotal_minor=6000, is_cancelled=True)
    facts.order("again", at(6), subtotal_minor=6000, refunded_minor=6000)
    facts.order("again", at(9), subtotal_minor=7000)
    found = {row["person_id"]: (row["status"], row["reason"], row["earned_at"]) for row in missions(facts, tmp_path)}
    assert found == {
        "kept": ("earned", "", at(6)),
        "part": ("clawed_back", "refunded", at(6)),
        "whole": ("clawed_back", "refunded", at(6)),
        "gone": ("clawed_back", "cancelled", at(6)),
        "again": ("earned", "", at(9)),
    }


def test_s2_54_old_goods_software_and_unpaid_orders_count_for_nothing(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "unpaid")
    facts.order("unpaid", at(6), is_paid=False)
    for person, sku, is_machine in (("old", "old-coat", False), ("software", "new-coat", True)):
        facts.event(person, at(5), "app_open")
        facts.event(person, at(5), "view", sku=sku, is_machine=is_machine)
        facts.order(person, at(6))
    assert missions(facts, tmp_path) == []


def test_s2_54_two_accounts_of_one_person_earn_once(facts: Facts, tmp_path: Path) -> None:
    for account in ("ann", "ann2"):
        two_tasks(facts, account)
        facts.order(account, at(6))
    assert len(missions(facts, tmp_path, identities=[("ann2", "ann")])) == 1


def test_s2_54_what_happens_after_the_reading_is_not_known(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "ann")
    facts.order("ann", at(20))
    assert missions(facts, tmp_path / "a", as_of=at(19)) == []
    assert len(missions(facts, tmp_path / "b", as_of=at(20))) == 1


def test_s2_54_only_people_who_got_the_offer_take_part(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "ann", "bob")
    facts.order("ann", at(6))
    facts.order("bob", at(6))
    with facts.open(tmp_path) as view:
        people = view.table("people").select("person_id")
        window = window_of(MISSION, SHOP)
        assert missions_earned(view, SHOP, MISSION, window, AS_OF, people=people).count().to_pyarrow().as_py() == 0


def test_s2_54_the_first_ones_earn_while_the_budget_lasts(facts: Facts, tmp_path: Path) -> None:
    two_tasks(facts, "first", "second", "third")
    for day, person in ((6, "first"), (8, "second"), (7, "third")):
        facts.order(person, at(day))
    found = missions(facts, tmp_path, offer=limited(MISSION, max_granted=2))
    assert [(row["person_id"], row["status"], row["reason"]) for row in found] == [
        ("first", "earned", ""), ("second", "blocked", "budget_used_up"), ("third", "earned", ""),
    ]  # fmt: skip


def test_s2_54_a_mission_needs_tasks_in_the_shops_currency(facts: Facts, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no mission"):
        missions(facts, tmp_path / "a", offer=REFERRAL)
    with pytest.raises(InvalidInput, match="USD"):
        missions(facts, tmp_path / "b", offer=_in_dollars())


def _in_dollars() -> Offer:
    assert isinstance(MISSION.incentive, BonusPoints)
    spend = MISSION.incentive.tasks[2].min_spend
    assert spend is not None
    task = MISSION.incentive.tasks[2].model_copy(update={"min_spend": spend.model_copy(update={"currency": "USD"})})
    return MISSION.model_copy(update={"incentive": MISSION.incentive.model_copy(update={"tasks": (task,)})})
