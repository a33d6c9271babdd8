"""DC-03: what people hold from other plans, the thank-you page and membership counts in a plan's worst orders."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agent.guardrails.checking import check_plan
from agent.planning.compose import compose
from agent.planning.context import PlanContext, completed
from agent.planning.contexts import Contexts
from agent.planning.draft import DraftOffer
from agent.planning.outside import Outside, outside
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.loyalty import BirthdayGift, LoyaltyProgramme, PointsMultiplier, Tier, TierRule
from memory.domain.offer import BonusPoints, Discount, GiftWithPurchase, OutsideOffer, StoreCredit
from memory.domain.plan import Plan, PlannerRef
from memory.domain.thanks import OrderCode, ThanksSettings
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories import planning
from tests.factories.doing import a_plan
from tests.factories.small_shop import ImportedShop, imported_shop
from tests.tools.loyalty.programme import a_programme
from tools.offers.worth import worst_order

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
REF = PlannerRef(kind="playbook", version="1")


def code(off: int, least: int) -> ThanksSettings:
    return ThanksSettings(code=OrderCode(hours=48, off=planning.eur(off), min_spend=planning.eur(least)))


@pytest.fixture
def shop(store: Store) -> Iterator[Store]:
    with store.unit_of_work() as uow:
        uow.shops.put(planning.a_shop())
    yield store


def read(store: Store, at: datetime = NOW) -> Outside:
    with store.read() as uow:
        return outside(uow, planning.a_shop(), at)


def put(store: Store, *, thanks: ThanksSettings | None = None, programme: LoyaltyProgramme | None = None) -> None:
    shop_id = planning.a_shop().shop_id
    with store.unit_of_work() as uow:
        if thanks is not None:
            uow.thanks.put_settings(shop_id, thanks, "mia", NOW)
        if programme is not None:
            uow.loyalty.set_programme(shop_id, programme, "mia", NOW)


def tier(name: str, minor: int, orders: int, *privileges: Any) -> Tier:
    return Tier(id=name, min_spend_minor=minor, min_orders=orders, privileges=privileges)


def test_dc_03_the_code_of_the_thank_you_page_counts_while_the_page_is_on(shop: Store) -> None:
    assert read(shop).offers == ()
    put(shop, thanks=code(5, 50))
    (found,) = read(shop).offers
    assert (found.source, found.incentive) == ("thank_you_page", StoreCredit(amount=planning.eur(5)))
    assert found.limits.min_spend == planning.eur(50)
    put(shop, thanks=code(5, 50).model_copy(update={"is_on": False}))
    assert read(shop).offers == ()


def test_dc_03_the_dearest_reward_and_the_costliest_privilege_of_a_kind_count(shop: Store) -> None:
    """Three rewards, of which an order may use one; two tiers with birthdays, of which a member has one."""
    twice = PointsMultiplier(percent=200, cost=planning.eur(2))
    birthdays = [BirthdayGift(gives="discount", rate=rate, cost=planning.eur(5)) for rate in (0.05, 0.1)]
    tiers = (tier("bronze", 0, 0, birthdays[0]), tier("gold", 10_000, 3, birthdays[1], twice))
    put(shop, programme=a_programme(tier_rule=TierRule(tiers=tiers)))
    found = [offer.incentive for offer in read(shop).offers]
    assert found == [
        StoreCredit(amount=planning.eur(10)),
        GiftWithPurchase(sku="mug", cost=planning.eur(3)),
        BonusPoints(points=0, cost=planning.eur(2)),
        Discount(rate=0.1),
    ]
    put(shop, programme=a_programme(rewards_per_order=2))
    credits = [one.incentive.amount for one in read(shop).offers if isinstance(one.incentive, StoreCredit)]
    assert credits == [planning.eur(10), planning.eur(5)]


def test_dc_03_a_programme_counts_on_its_days_alone(shop: Store) -> None:
    put(shop, programme=a_programme())
    put(shop, programme=a_programme(starts_on=date(2027, 2, 1), rewards=()))
    until = {offer.limits.valid_until for offer in read(shop).offers}
    assert until == {date(2027, 1, 31)}
    assert read(shop, datetime(2027, 2, 2, tzinfo=UTC)).offers == ()


def test_dc_03_another_live_plan_counts_and_the_one_whose_place_it_takes_does_not(shop: Store) -> None:
    plan = a_plan(planning.a_shop())
    with shop.unit_of_work() as uow:
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=NOW, session_id="", status="live")
    held = read(shop)
    assert held.of_others(plan.peak_from, plan.peak_until) == ()
    beside = held.of_others(plan.peak_from - timedelta(days=1), plan.peak_until)
    assert [(one.incentive, one.limits) for one in beside] == [(one.incentive, one.limits) for one in plan.offers]


def planned(*held: OutsideOffer, brief: Brief | None = None, **changes: Any) -> tuple[Plan, PlanContext]:
    given = completed(planning.context(**changes), (), None, Outside(plans=(), offers=held))
    plan = compose(PlaybookPlanner().draft(brief or Brief(), given), brief or Brief(), given, REF)
    assert isinstance(plan, Plan), plan
    return plan, given


def of_page(shop: Store, off: int, least: int) -> OutsideOffer:
    put(shop, thanks=code(off, least))
    return read(shop).offers[0]


def test_dc_03_a_plan_states_the_worst_order_with_what_people_hold_and_keeps_every_limit(shop: Store) -> None:
    held = of_page(shop, 3, 60)
    alone, _ = planned()
    plan, given = planned(held)
    worse = {one.id: one for one in plan.offers}
    lower = [one.id for one in alone.offers if one.id in worse and worse[one.id].price_ratio < one.price_ratio]
    assert lower
    assert check_plan(plan, given.guardrails, given) == ()
    assert any("the code of the thank-you page" in said for said in plan.assumptions)
    for offer in plan.offers:
        margins = {each.category: each.margin_rate or -1.0 for each in given.categories}
        basket = max(given.baskets()[cohort] for cohort in offer.limits.cohorts)
        if offer.incentive.kind != "referral_reward":
            assert offer.worst_margin_rate <= worst_order(offer, (held,), margins, basket).margin_rate


def test_dc_03_a_plan_names_nothing_that_nobody_holds_on_its_days(shop: Store) -> None:
    put(shop, thanks=code(3, 60), programme=a_programme(starts_on=date(2028, 1, 1)))
    plan, given = planned(*read(shop).offers)
    named = [said for said in plan.assumptions if said.startswith("in the worst orders")]
    assert named == ["in the worst orders everybody holds as well: the code of the thank-you page"]
    assert plan.offers == planned(*(one for one in given.outside_offers if one.source == "thank_you_page"))[0].offers


def test_dc_03_offers_that_would_break_a_floor_with_it_are_left_out_and_said(shop: Store) -> None:
    alone, _ = planned()
    plan, given = planned(of_page(shop, 20, 90))
    assert check_plan(plan, given.guardrails, given) == ()
    assert len(plan.offers) < len(alone.offers)
    assert any("what people may hold from outside the plan break a floor" in said for said in plan.assumptions)


def test_dc_03_what_somebody_wrote_figures_for_is_refused_not_left_out(shop: Store) -> None:
    _, given = planned(of_page(shop, 20, 90))
    draft = PlaybookPlanner().draft(Brief(), given)
    own = DraftOffer(id="ours", kind="discount", rate=0.1)
    steps = tuple(
        step.model_copy(update={"offer": "ours"}) if step.template == "store_credit" else step
        for step in draft.journeys["first_time"]
    )
    assert steps != draft.journeys["first_time"]
    journeys = {**draft.journeys, "first_time": steps}
    plan = compose(draft.model_copy(update={"journeys": journeys, "offers": (own,)}), Brief(), given, REF)
    assert isinstance(plan, Plan), plan
    assert {one.rule for one in check_plan(plan, given.guardrails, given)} & {"price_floor", "margin_floor"}


def test_dc_03_a_plan_drafted_before_the_page_had_its_code_is_not_approved_as_it_was(shop: Store) -> None:
    plan, given = planned()
    held = completed(given, (), None, Outside(plans=(), offers=(of_page(shop, 5, 50),)))
    assert {one.code for one in check_plan(plan, held.guardrails, held)} >= {"figures_misstated"}


@pytest.mark.slow
def test_dc_03_a_changed_code_is_read_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    made: ImportedShop = imported_shop(tmp_path_factory.mktemp("shop"), n=60)
    with made.store.unit_of_work() as uow:
        uow.guardrails.put(made.shop.shop_id, planning.guardrails(), "mia", made.clock.now(), "")
    contexts = Contexts(made.store, made.lake, made.clock)
    assert contexts.gather(made.shop.shop_id, Brief()).outside_offers == ()
    with made.store.unit_of_work() as uow:
        uow.thanks.put_settings(made.shop.shop_id, code(5, 50), "mia", made.clock.now())
    assert [one.source for one in contexts.gather(made.shop.shop_id, Brief()).outside_offers] == ["thank_you_page"]
    made.store.close()


def test_a_context_without_anything_from_outside_is_recorded_as_before(lake: Lake) -> None:
    assert "outside_offers" not in planning.context().model_dump()
