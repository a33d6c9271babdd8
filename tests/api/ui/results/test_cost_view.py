"""Money with its currency; diagnostics say first that they decide nothing; names of channels and goods are text."""

from datetime import UTC, date, datetime

import pytest

from agent.reports.by_channel import ByChannel, ChannelFigures, OrderPlace
from agent.reports.flow import MessageFlow, PlanFlow
from agent.reports.lift_model import OfferCost, PlanCosts
from api.ui.results.cost_view import render_budget, render_channels, render_cost, render_diagnostics, render_flow
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from tests.agent.reports.test_lift_words import full
from tools.budget.audit import BudgetAudit, ChannelSpend

AT = datetime(2025, 12, 16, tzinfo=UTC)


def test_the_cost_names_offers_and_how_their_use_is_known() -> None:
    offers = (
        OfferCost(offer_id="vip.<b>", basis="observed", n_uses=6, cost_minor=456),
        OfferCost(offer_id="vip.points", basis="expected", n_uses=None, cost_minor=0),
    )
    costs = PlanCosts(sends_minor=100, observed_minor=456, expected_minor=0, offers=offers)
    html = render_cost(full().model_copy(update={"costs": costs}), words("en"))
    assert "vip.&lt;b&gt;" in html and "4.56 EUR" in html and words("en")("results", "bases", "expected") in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_diagnostics_say_first_that_they_decide_nothing(language: UiLanguage) -> None:
    say = words(language)
    html = render_diagnostics(full(), say)
    assert html.index(say("results", "decides_nothing")) < html.index("321")


def test_channels_and_places_are_counted_in_the_shop_s_currency() -> None:
    found = ByChannel(
        shop_id="nord", currency="EUR",
        messages=(ChannelFigures(channel="email", n_by_state={"sent": 1200, "unknown": 2}, n_heard={}),),
        orders=(OrderPlace(channel="kiosk", n_orders=3, revenue_minor=12_345, share_rate=1.0),),
    )  # fmt: skip
    html = render_channels(found, words("en"))
    assert "1,200" in html and "€123.45" in html and "Elsewhere" in html and "unknown" in html


def test_the_budget_says_what_is_spent_after_the_purchase_or_that_nothing_is_known() -> None:
    spend = ChannelSpend(channel="<i>meta", stage="pre_purchase", amount_minor=80_000, share_rate=0.8)
    found = BudgetAudit(
        currency="EUR", period_from=date(2025, 9, 1), period_until=date(2025, 11, 30), pre_minor=80_000,
        post_minor=20_000, channels=(spend,), post_share_rate=0.2,
    )  # fmt: skip
    html = render_budget(found, words("en"))
    assert "20.0%" in html and "€200" in html and "&lt;i&gt;meta" in html
    assert words("en")("results", "no_ledger") in render_budget(BudgetAudit(currency="EUR"), words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_stand_with_their_cohort_and_their_note(language: UiLanguage) -> None:
    one = MessageFlow(
        cohort="vip", step_id="vip.thank_you", channel="email", message_kind="thank_you", n_sent=100, n_delivered=90,
        n_bounced=1, n_opened=40, n_machine_opened=20, n_clicked=5, n_machine_clicked=1, n_ordered=2,
    )  # fmt: skip
    flow = PlanFlow(plan_id="a" * 64, title="t", as_of=AT, attribution_days=5, messages=(one,))
    html = render_flow(flow, words(language))
    assert "thank_you" in html and "40.0%" in html
    none = render_flow(flow.model_copy(update={"messages": ()}), words(language))
    assert words(language)("results", "nothing_left") in none
