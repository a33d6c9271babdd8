"""The playbook's plan, row by row of the requirements."""

from datetime import date

import pytest

from agent.planning.catalogue.intent import CONTENT
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS, Cohort
from memory.domain.message import MessageKind
from memory.domain.offer import BonusPoints, ReferralReward
from memory.domain.plan import PHASE_DAYS, Step
from memory.domain.segment import Intends, IntentState
from tests.factories.planning import audit, category, cohorts, context, eur, guardrails, people
from tests.factories.plans import compose_plan, good_plan


def steps_of(cohort: str) -> list[Step]:
    return [step for step in good_plan().steps() if step.id.startswith(f"{cohort}.")]


def kinds_of(cohort: str) -> list[str]:
    return [step.kind for step in steps_of(cohort)]


def test_s2_01_every_journey_runs_through_activate_engage_incentivise() -> None:
    for cohort in COHORTS:
        assert {step.stage for step in steps_of(cohort)} == {"activate", "engage", "incentivise"}


def test_s2_37_the_plan_is_dated_for_every_cohort_over_ninety_days() -> None:
    plan = good_plan()
    assert [journey.cohort for journey in plan.journeys] == list(COHORTS)
    assert plan.anchor_on == date(2026, 12, 1)
    assert all(step.due_on.toordinal() == plan.anchor_on.toordinal() + step.day for step in plan.steps())


def test_s2_46_s2_53_steps_stand_in_the_phase_of_their_day() -> None:
    for step in good_plan().steps():
        first, last = PHASE_DAYS[step.phase]
        assert first <= step.day <= last
    assert all({step.phase for step in steps_of(cohort)} == set(PHASE_DAYS) for cohort in COHORTS)


def test_s2_39_first_time_buyers_get_onboarding_knowledge_and_a_review_invitation() -> None:
    early = [step.kind for step in steps_of("first_time") if step.phase == "stabilise"]
    assert {"onboarding", "product_knowledge", "review_invitation"} <= set(early)
    assert all(step.message_class != "promotional" for step in steps_of("first_time") if step.phase == "stabilise")


def test_s2_40_reactivated_buyers_get_newest_goods_and_no_discount() -> None:
    assert "newest_goods" in kinds_of("reactivated")
    assert all(offer.discount_rate == 0 for offer in good_plan().offers if "reactivated" in offer.limits.cohorts)


def test_s2_41_vips_buy_early_and_get_points_instead_of_discounts() -> None:
    assert {"early_access", "points_multiple"} <= set(kinds_of("vip"))
    assert all(offer.discount_rate == 0 for offer in good_plan().offers if "vip" in offer.limits.cohorts)


def test_s1_19_the_five_steps_are_there_and_the_shop_sends_the_receipts() -> None:
    for cohort in COHORTS:
        kinds = set(kinds_of(cohort))
        assert {"order_confirmation", "shipping_notice", "care_guide", "review_invitation"} <= kinds
    assert {step.owner for step in good_plan().steps() if step.message_class == "transactional"} == {"shop"}


def test_s1_08_care_teaching_incentive_and_membership_are_the_default_for_a_first_order() -> None:
    kinds = kinds_of("first_time")
    order = [kinds.index(kind) for kind in ("thank_you", "care_guide", "member_invitation", "store_credit")]
    assert order == sorted(order)
    without = compose_plan(Brief(excluded_kinds=("member_invitation", "care_guide")), context())
    assert not {"member_invitation", "care_guide"} & {step.kind for step in without.steps()}
    assert "brief leaves out" in without.journeys[3].waived["usage_guide"]


def test_s1_16_care_waits_for_the_delivery() -> None:
    assert {step.trigger for step in good_plan().steps() if step.kind == "care_guide"} == {"delivered"}


def test_s2_47_s2_69_the_series_speaks_of_categories() -> None:
    series = [step for step in good_plan().steps() if step.kind == "category_series"]
    assert {step.goods.rule for step in series if step.goods} == {"category_interest", "pairing", "well_reviewed"}
    assert {step.audience for step in series} == {Intends(state="explore")}


def test_s2_20_exploring_brings_bestsellers_a_pairing_guide_and_reviews_without_a_discount() -> None:
    rules = {step.goods.rule for step in steps_of_state("explore") if step.goods}
    assert rules == {"category_interest", "pairing", "well_reviewed"}
    assert all(step.offer_id is None and step.kind != "discount_offer" for step in steps_of_state("explore"))


def test_s2_21_a_cart_left_behind_brings_price_and_stock_notices_and_nothing_else() -> None:
    steps = steps_of_state("abandon")
    assert {step.kind for step in steps} == {"price_drop", "back_in_stock"}
    for step in steps:
        assert step.goods is not None
        assert (step.goods.rule, step.goods.if_none) == (step.kind, "skip")
        assert step.offer_id is None
        assert step.window_days > 0
        assert step.phase != "review"
        assert step.day + step.window_days <= 83


def steps_of_state(state: IntentState) -> list[Step]:
    found = [step for step in good_plan().steps() if step.audience == Intends(state=state)]
    assert {step.template for step in found} == set(CONTENT[state])
    return found


def test_s2_54_the_january_mission_is_three_actions_for_300_points_inside_january() -> None:
    missions = [step for step in good_plan().steps() if step.kind == "january_mission"]
    assert len(missions) == 4
    for step in missions:
        offer = good_plan().offer(step.offer_id or "")
        assert offer is not None
        assert isinstance(offer.incentive, BonusPoints)
        assert offer.incentive.points == 300
        assert [task.action for task in offer.incentive.tasks] == ["open_app", "view_new", "purchase"]
        assert offer.incentive.tasks[2].min_spend == eur(50)
        assert step.due_on.month == 1
        assert offer.limits.valid_until == date(2027, 1, 31)


def test_s2_54_without_a_january_in_phase_three_there_is_no_mission() -> None:
    ctx = context(anchor_on=date(2027, 3, 1))
    plan = compose_plan(Brief(), ctx)
    assert "january_mission" not in {step.kind for step in plan.steps()}
    assert any("january_mission left out" in each for each in plan.assumptions)


def test_s2_55_a_friend_spends_75_and_both_get_10() -> None:
    offers = [offer.incentive for offer in good_plan().offers if isinstance(offer.incentive, ReferralReward)]
    assert len(offers) == 4
    assert {(each.friend_min_spend, each.friend, each.referrer) for each in offers} == {(eur(75), eur(10), eur(10))}


def test_s2_56_new_year_picks_have_a_price_ceiling_and_lead_back() -> None:
    picks = [step for step in good_plan().steps() if step.template == "new_year_picks"]
    assert len(picks) == 4
    for step in picks:
        assert step.goods is not None
        assert (step.goods.price_ceiling, step.goods.link) == (eur(50), "last_viewed")
        assert step.offer_id is None
        assert step.due_on.month in (1, 2)


def test_s2_52_the_app_is_not_nudged_by_default() -> None:
    assert "app_nudge" not in {step.kind for step in good_plan().steps()}


def test_trap_7_the_review_week_holds_only_the_survey() -> None:
    assert {step.kind for step in good_plan().steps() if step.phase == "review"} == {"next_plan_survey"}


def test_s2_29_s2_67_the_playbook_gives_no_discount() -> None:
    assert not [offer for offer in good_plan().offers if offer.incentive.kind == "discount"]


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 6, 15), date(2025, 12, 2)])
def test_the_plan_passes_its_guardrails_whenever_it_starts(day: date) -> None:
    from agent.guardrails import check_plan

    ctx = context(anchor_on=day, peak_from=date(2025, 1, 1), peak_until=date.fromordinal(day.toordinal() - 1))
    assert check_plan(compose_plan(Brief(), ctx), ctx.guardrails, ctx) == ()


def without(name: str) -> tuple[Cohort, ...]:
    """Give the cohorts with one of them empty, as in a shop that never gives discounts."""
    empty = {"n_people": 0, "n_reachable": 0, "reachable_by_channel": {}, "median_basket_minor": 0}
    return tuple(each.model_copy(update=empty) if each.id == name else each for each in cohorts())


@pytest.mark.parametrize(
    "ctx",
    [
        context(margin_rate=None, categories=(category(margin_rate=None),), gifts=()),
        context(margin_rate=0.05, categories=(category(margin_rate=0.05),)),
        context(guardrails=guardrails(discount_ceiling={})),
        context(gifts=()),
        context(people=()),
        context(audit=audit(post_share_rate=0.4, pre_minor=18_000_000, post_minor=12_000_000)),
        context(guardrails=guardrails(plan_budget=eur(150))),
        context(cohorts=without("discount_sensitive"), people=tuple(c for c in people() if c.cohort[0] != "d")),
        context(cohorts=without("discount_sensitive"), people=people(), categories=(), gifts=()),
    ],
    ids=[
        "no costs",
        "thin margins",
        "no discounts",
        "no gifts",
        "nobody reachable",
        "above the band",
        "tiny budget",
        "an empty cohort",
        "an empty cohort and no categories",
    ],
)
def test_the_playbook_passes_its_guardrails_in_a_poor_shop(ctx: object) -> None:
    from agent.guardrails import check_plan
    from agent.planning.context import PlanContext

    assert isinstance(ctx, PlanContext)
    plan = compose_plan(Brief(), ctx)
    assert check_plan(plan, ctx.guardrails, ctx) == ()


@pytest.mark.parametrize("kind", ["care_guide", "review_invitation", "delivery_check", "loyalty_status"])
def test_dc_02_a_journey_without_one_kind_of_care_keeps_its_promo_share(kind: MessageKind) -> None:
    from agent.guardrails import check_plan

    plan = compose_plan(Brief(excluded_kinds=(kind,)), context())
    assert check_plan(plan, context().guardrails, context()) == ()
    assert kind not in {step.kind for step in plan.steps()}


def test_s1_41_the_last_part_of_the_series_makes_room_and_the_plan_says_so() -> None:
    ctx = context(guardrails=guardrails(max_promo_share=0.66))
    plan = compose_plan(Brief(), ctx)
    (vip,) = (journey for journey in plan.journeys if journey.cohort == "vip")
    assert "vip.category_series_3" not in {step.id for step in vip.steps}
    assert "vip.category_series" in {step.id for step in vip.steps}
    assert "category_series_3" in str(plan.assumptions)


def test_dc_05_the_same_inputs_give_the_same_draft() -> None:
    planner = PlaybookPlanner()
    assert planner.draft(Brief(), context()) == planner.draft(Brief(), context())
