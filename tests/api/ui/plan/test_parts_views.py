"""What the parts of a plan's page say: calendar, offers, money, checks, forecast, in both languages, all escaped."""

import re
from datetime import UTC, datetime

import pytest

from agent.guardrails import judge_plan
from agent.guardrails.registry import RULES
from agent.planning.outlook import outlook
from agent.planning.price import price
from agent.planning.scorecard import scorecard
from agent.planning.what_if import AskedLimits, what_if
from api.ui.plan.calendar_view import render_calendar
from api.ui.plan.checks_view import left_words, render_checks, render_scorecard
from api.ui.plan.forecast_part import asked_limits
from api.ui.plan.forecast_view import render_forecast, render_what_if
from api.ui.plan.money_view import render_money, render_radius
from api.ui.plan.offers_view import render_offers
from api.ui.plan.view import Shown, timeline
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.codes import OfferCodesNow, PlanCodes
from api.verbs.plan_checks import BlastRadius, MarketReach
from memory.domain.codes import CodeAlarm
from memory.domain.errors import InvalidInput
from tests.api.ui.plan.opening import a_plan, opened
from tests.factories.planning import eur
from tests.factories.plans import edit_offer, good_context


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_holds_every_step_on_its_day_and_can_be_held_to_one_cohort(language: UiLanguage) -> None:
    here = opened(language)
    every = render_calendar(here, None)
    assert every.count('<li class="so-entry') == len(here.plan.steps())
    vip = next(one for one in here.plan.journeys if one.cohort == "vip")
    held = render_calendar(here, "vip")
    assert held.count('<li class="so-entry') == len(vip.steps)
    assert all(f"step={step.id}" in held for step in vip.steps)
    numbers = [int(found) for found in re.findall(r'<th scope="row">(\d+)</th>', every)]
    assert numbers == list(range(1, len(numbers) + 1))
    days = len(re.findall("<time datetime=", every))
    assert days == 91  # day 0 to day 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_offers_say_whether_a_code_is_given_how_codes_stand_and_what_is_wrong_with_them(language: UiLanguage) -> None:
    here = opened(language)
    plan = edit_offer(here.plan, "first_time.store_credit", gives_code=True)
    here = opened(language, plan)
    counts = OfferCodesNow(offer_id="first_time.store_credit", gives_code=True, n_reserved=1_234, n_free=7)
    alarm = CodeAlarm(
        shop_id=plan.shop_id, plan_id=plan.id, offer_id="first_time.store_credit", kind="other_person", n=3,
        at_stake=eur(45), message="", raised_at=datetime(2027, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    elsewhere = alarm.model_copy(update={"plan_id": "f" * 64, "n": 99})
    codes = PlanCodes(plan_id=plan.id, source=None, offers=(counts,), words="")
    html = render_offers(here, {offer.id: "" for offer in plan.offers}, codes, (alarm, elsewhere))
    assert html.count(here.words("plan_page", "own_code")) == 1
    assert html.count(here.words("plan_page", "no_code")) == len(plan.offers) - 1
    assert "1,234" in html and html.count('class="so-notice"') == 1
    assert here.words("plan_page", "alarms", "other_person").format(n="3") in html and "45" in html


def test_each_step_of_the_diagram_is_a_link_to_its_words() -> None:
    here = opened()
    html = timeline(Shown(here.plan, link=lambda step_id: here.address("messages", step=step_id)), here.words)
    assert len(re.findall(r'<a href="/ui/plans/[^"]*part=messages&amp;step=', html)) == len(here.plan.steps())
    assert "<a " not in timeline(Shown(here.plan), here.words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_s2_30_every_offer_shows_its_four_parts_and_its_margin(language: UiLanguage) -> None:
    here = opened(language)
    html = render_offers(here, {offer.id: f"because {offer.id}" for offer in here.plan.offers})
    assert html.count("<article") == len(here.plan.offers)
    for name in ("offer_goal", "offer_limits", "offer_margin"):
        assert html.count(f"<dt>{here.words(name)}</dt>") == len(here.plan.offers)
    for name in ("incentive", "benefit"):
        assert html.count(f"<dt>{here.words('plan_page', name)}</dt>") == len(here.plan.offers)
    assert all(f"because {offer.id}" in html for offer in here.plan.offers)
    without = here.plan.model_copy(update={"offers": ()})
    assert here.words("plan_page", "no_offers") in render_offers(opened(language, without), {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guardrail_has_its_line_and_every_figure_its_room(language: UiLanguage) -> None:
    here, known = opened(language), good_context()
    found = judge_plan(here.plan, known.guardrails, known)
    html = render_checks(found, here.words, here)
    assert all(here.words("plan_page", "rules", rule.id) in html for rule in RULES)
    assert all(left_words(room, here.words) in html for one in found for room in one.room)
    assert here.words("checks_good") in html
    assert render_scorecard(scorecard(here.plan), here.words).count("<li>") == 5


def test_a_rule_that_does_not_hold_stands_first_with_its_reasons_and_a_live_plan_says_why() -> None:
    known = good_context()
    broken = edit_offer(a_plan(), "first_time.store_credit", worst_margin_rate=0.01)
    found = judge_plan(broken, known.guardrails, known)
    html = render_checks(found, words("en"), opened("en", broken))
    assert "do not hold as of now" in html and "leaves a margin of 1.0%" in html
    assert html.index("leaves a margin of 1.0%") < html.index("room each leaves")
    assert "It goes on under what it was approved with" in render_checks(
        found, words("en"), opened("en", broken, "live")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_money_and_blast_radius_have_a_table_behind_the_picture(language: UiLanguage) -> None:
    plan, here = a_plan(), words(language)
    html = render_money(plan, price(plan, good_context()), "<why>", here)
    assert html.count("<tr>") == 1 + 4 and "&lt;why&gt;" in html and "<why>" not in html
    radius = BlastRadius(
        n_people=10, people_rate=0.5, n_withheld=1, n_messages=30, expected_cost=eur(1), worst_case_cost=eur(2),
        channels={"email": 9}, markets=(MarketReach(market="DE", n_people=10, reach_by_channel={}),),
    )  # fmt: skip
    assert here("plan_page", "shut") in render_radius(radius, here)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forecast_shows_range_and_basis_and_the_what_if_the_price_of_each_limit(language: UiLanguage) -> None:
    plan, here = a_plan(), words(language)
    html = render_forecast(outlook(plan), plan, here)
    assert here("plan_page", "bases", "assumed") in html and "assumption:" in html and "so-warn" in html
    now = render_what_if(what_if(plan, good_context(), AskedLimits()), ("<said>",), here)
    then = render_what_if(what_if(plan, good_context(), AskedLimits(budget=eur(50))), (), here)
    assert here("plan_page", "outcome", "then") in then and here("plan_page", "outcome", "then") not in now
    assert "&lt;said&gt;" in now and now.count("<circle") == 11
    for limit in ("budget", "promotional_cap", "margin_floor", "price_floor", "holdout"):
        assert here("plan_page", "limit_names", limit) in now


def test_what_is_typed_into_the_what_if_is_read_as_people_write_it() -> None:
    assert asked_limits({"budget": "3 000", "cap": "1", "margin": "20 %", "holdout": "12,5"}) == (
        "3000", {"promotional_cap": 1.0, "min_margin_rate": 0.2, "holdout_rate": 0.125},
    )  # fmt: skip
    assert asked_limits({}) == (None, {})
    with pytest.raises(InvalidInput, match="price"):
        asked_limits({"price": "low"})
