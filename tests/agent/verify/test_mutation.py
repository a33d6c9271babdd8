"""Every guardrail taken out in turn: what then passes the first checker is caught by the second.

For each rule there is a plan, and where the rule looks at rows a message, that it stops. The first checker is left
blind to it (without this rule and whatever else saw the same fault) and lets it through; the second one, which
shares no code with it, denies it and names the rule.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from agent.guardrails import RULES, check_plan
from agent.guardrails.rule import Rule
from agent.verify import verify_plan
from memory.domain.brief import Brief
from memory.domain.guardrails import NewGoods
from memory.domain.handover import DeedsNow
from memory.domain.message import MESSAGE_CLASS
from memory.domain.offer import Discount
from memory.domain.outcome import Allowed, Denied
from memory.domain.plan import Plan
from tests.factories import planning
from tests.factories.plans import (
    SEND_AT,
    candidate,
    compose_plan,
    drop_steps,
    edit_journey,
    edit_offer,
    edit_step,
    good_context,
    good_plan,
    guarded,
    move_step,
)
from tests.factories.verify import DOING, certified, figures, intents_of, judged, person_of, plan_now, promised
from tools.markets import load_markets

MARKETS = load_markets().known(("DE", "US"))
CREDIT = "first_time.store_credit"


def _vip_steps(plan: Plan) -> Any:
    return next(journey.steps for journey in plan.journeys if journey.cohort == "vip")


def _same_journeys() -> Plan:
    return edit_journey(good_plan(), "reactivated", steps=_vip_steps(good_plan()))


def _nudged() -> Plan:
    return compose_plan(Brief(app_priority=True), planning.context()).model_copy(update={"brief": Brief()})


def _ended() -> Plan:
    offer = good_plan().offer(CREDIT)
    assert offer is not None
    ends = offer.limits.model_copy(update={"valid_until": offer.limits.valid_from - timedelta(days=1)})
    return edit_offer(good_plan(), CREDIT, limits=ends)


def _seasonal() -> Plan:
    return edit_step(
        edit_offer(good_plan(), CREDIT, incentive=Discount(rate=0.05)), CREDIT, kind="seasonal_reactivation"
    )


def _discount_sensitive_credit() -> Plan:
    offer = next(o for o in good_plan().offers if "discount_sensitive" in o.limits.cohorts
                 and o.incentive.kind == "store_credit")  # fmt: skip
    limits = offer.limits.model_copy(update={"min_spend": planning.eur(50), "categories": ()})
    return edit_offer(good_plan(), offer.id, limits=limits)


PLANS: dict[str, Callable[[], Plan]] = {
    "known": lambda: edit_step(good_plan(), "vip.cross_sell", template="viral_blast"),
    "duplicates": lambda: edit_journey(
        good_plan(), "vip", steps=(_vip_steps(good_plan())[0], *_vip_steps(good_plan()))
    ),
    "dates": lambda: edit_step(good_plan(), "vip.cross_sell", due_on=date(2027, 1, 1)),
    "plan_budget": lambda: good_plan().model_copy(update={"brief": Brief(budget=planning.eur(14_999))}),
    "budget_share": lambda: compose_plan(Brief(budget=planning.eur(15_001)), planning.context()),
    "offer_complete": lambda: edit_offer(good_plan(), CREDIT, discount_rate=0.0),
    "price_floor": lambda: edit_offer(good_plan(), CREDIT, price_ratio=0.7499),
    "margin_floor": lambda: edit_offer(good_plan(), CREDIT, worst_margin_rate=0.1499),
    "discount_ceiling": lambda: edit_offer(good_plan(), "vip.points_multiple", discount_rate=0.0501),
    "goal_window": _ended,
    "cautious_offers": _discount_sensitive_credit,
    "frequency_cap": lambda: move_step(good_plan(), "vip.cross_sell", 29),
    "recent_buyer": lambda: move_step(good_plan(), "vip.cross_sell", 5),
    "quiet_hours": lambda: edit_step(good_plan(), "vip.cross_sell", local_minute=180),
    "consent": lambda: edit_step(good_plan(), "vip.thank_you", expected_reach=641),
    "holdout": lambda: good_plan().model_copy(
        update={"holdout": good_plan().holdout.model_copy(update={"rate": 0.0499})}
    ),
    "languages": lambda: good_plan().model_copy(update={"languages": ("de", "en", "it")}),
    "channels": lambda: good_plan().model_copy(update={"brief": Brief(excluded_channels=("sms",))}),
    "promo_ratio": lambda: drop_steps(
        good_plan(), *[s.id for s in _vip_steps(good_plan()) if s.message_class == "service"]
    ),
    "reach": lambda: edit_step(good_plan(), "vip.thank_you", expected_reach=1_000_001),
    "message_class": lambda: edit_step(good_plan(), "vip.cross_sell", message_class="transactional"),
    "distinct_journeys": _same_journeys,
    "phase_one_no_discount_push": lambda: move_step(good_plan(), CREDIT, 13),
    "broad_promo": lambda: edit_step(good_plan(), "reactivated.cross_sell", kind="discount_offer"),
    "new_goods": lambda: edit_step(good_plan(), "reactivated.newest_goods", goods=None),
    "five_step_flow": lambda: drop_steps(good_plan(), "vip.care_guide"),
    "app_nudge": _nudged,
    "seasonal_offers": _seasonal,
    "brief_kept": lambda: good_plan().model_copy(update={"brief": Brief(removed_steps=("vip.cross_sell",))}),
}
"""A plan per rule that it stops; suppression has no plan face."""
OFFER = {
    "step_id": "vip.points_multiple", "message_kind": "points_multiple", "offer_id": "vip.points_multiple",
    "worst_margin_rate": 0.4,
}  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {
    "price_floor": {**OFFER, "price_ratio": 0.74},
    "margin_floor": {**OFFER, "worst_margin_rate": 0.1499},
    "discount_ceiling": {**OFFER, "discount_rate": 0.0501},
    "frequency_cap": {"n_sent_window": 2},
    "recent_buyer": {"last_order_at": SEND_AT - timedelta(days=6)},
    "quiet_hours": {"local_minute": 180},
    "consent": {"has_consent": False},
    "suppression": {"is_suppressed": True},
    "holdout": {"arm": "control"},
    "languages": {"language": "it"},
    "channels": {},
    "promo_ratio": {"n_promotional": 9, "n_value": 1},
    "message_class": {"message_class": "transactional", "has_consent": False},
}
"""A message per rule that it stops; the rules that are not here say nothing about rows."""
RAILS_OF_ROWS: dict[str, dict[str, Any]] = {"channels": {"channels": ("sms", "push", "onpage")}}


def test_nothing_is_wrong_with_the_good_plan_and_its_message() -> None:
    assert verify_plan(plan_now(), MARKETS) == Allowed()
    assert judged(candidate()) == Allowed()


def test_every_rule_is_taken_out_in_turn() -> None:
    assert {rule.id for rule in RULES} == set(PLANS) | set(ROWS)
    assert {rule.id for rule in RULES if _looks_at_rows(rule)} == set(ROWS)


def _looks_at_rows(rule: Rule) -> bool:
    return bool(rule.columns)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_c3_i7_a_plan_that_only_this_rule_stopped_is_denied_by_the_second_checker(rule: Rule) -> None:
    if rule.id not in PLANS:
        assert rule.id in ROWS
        return
    plan, ctx = PLANS[rule.id](), good_context()
    assert rule.check_plan(plan, ctx.guardrails, ctx)
    blind = [each for each in RULES if each.id != rule.id and not each.check_plan(plan, ctx.guardrails, ctx)]
    assert check_plan(plan, ctx.guardrails, ctx, blind) == ()
    verdict = verify_plan(plan_now(plan), MARKETS)
    assert isinstance(verdict, Denied)
    assert rule.id in {reason.rule for reason in verdict.reasons}, verdict.codes
    assert all(reason.code and reason.message for reason in verdict.reasons)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.columns], ids=lambda rule: rule.id)
def test_c3_a_message_that_only_this_rule_stopped_is_denied_by_the_second_checker(rule: Rule) -> None:
    row, rails = candidate(**ROWS[rule.id]), planning.guardrails(**RAILS_OF_ROWS.get(rule.id, {}))
    (seen,) = guarded(row, rails=rails)
    assert rule.id in seen
    assert guarded(row, rails=rails, rules=[each for each in RULES if each.id not in seen]) == [[]]
    now = plan_now(guardrails=rails)
    verdict = judged(row, now)
    assert isinstance(verdict, Denied)
    assert rule.id in {reason.rule for reason in verdict.reasons}, verdict.codes


@pytest.mark.parametrize(("days", "is_denied"), [(20, True), (21, False)])
def test_s1_44_the_second_checker_looks_at_the_last_day_of_a_window_too(days: int, is_denied: bool) -> None:
    plan = edit_step(good_plan(), "reactivated.newest_goods", goods=None, window_days=21)
    due_on = next(step.due_on for step in plan.steps() if step.id == "reactivated.newest_goods")
    rails = planning.guardrails(new_goods=NewGoods(all_until=due_on + timedelta(days=days)))
    verdict = verify_plan(plan_now(plan, guardrails=rails), MARKETS)
    codes = verdict.codes if isinstance(verdict, Denied) else ()
    assert ("new_goods_to_all" in codes) == is_denied


@pytest.mark.parametrize("state", ["", "abandon"])
def test_s2_22_a_message_that_only_the_audience_stopped_is_denied_by_the_second_checker(state: str) -> None:
    """The tick drops whoever does not meet a step's audience; no guardrail looks at that, so nothing else stops it."""
    row, now = candidate(), plan_now()
    assert guarded(row) == [[]]
    let_through = certified(row | {"template": "category_series@1"}, now.plan, now.guardrails,
                            intents=intents_of(now.plan, row, state))  # fmt: skip
    doing = DOING.get(state, DeedsNow())
    for deeds, codes in ((doing, ("intent_missed", "intent_changed")), (DOING["explore"], ("intent_missed",))):
        verdict = judged(
            row, now, person=person_of(row, deeds=deeds), promise=promised(row, now, certificate=let_through)
        )
        assert isinstance(verdict, Denied)
        assert verdict.codes == codes


def test_every_message_class_is_judged() -> None:
    """A kind nobody knows matches nothing, and nothing matched means denied."""
    now = plan_now()
    for kind in (*MESSAGE_CLASS, "no_such_kind"):
        promise = promised(candidate(), now)._replace(message_kind=kind)
        verdict = judged(candidate(), now, promise=promise)
        assert isinstance(verdict, Denied) == (kind != "category_series")


def test_stock_and_price_of_now_are_what_counts() -> None:
    offer = good_plan().offer("vip.points_multiple")
    assert offer is not None
    row, at = candidate(**OFFER), datetime.combine(offer.limits.valid_from, time(11), tzinfo=UTC)
    assert judged(row, at=at) == Allowed()
    dear = plan_now(figures=figures(margins={"shoes": 0.10, "coats": 0.10, "socks": 0.10}))
    verdict = judged(row, dear, at=at)
    assert isinstance(verdict, Denied)
    assert verdict.codes == ("below_margin_floor",)
