from datetime import UTC, datetime, timedelta

from agent.monday.card import MondayCard, NeededDecision
from agent.reports.standing import Standing
from api.ui.home.view import render_card, render_standing, render_timeline
from api.ui.shell.words import words
from api.verbs.home import Timeline
from memory.domain.experiment import Interval
from memory.domain.money import Money
from memory.domain.outcome import NotEstimable
from tests.factories.plans import good_plan
from tests.factories.shop import a_shop
from tools.metrics.rpr import Rpr

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


def _euro(minor: int) -> Money:
    return Money(amount_minor=minor, currency="EUR")


def _decision(title: str) -> NeededDecision:
    return NeededDecision(
        kind="approve", subject="a1", title=title, at_stake=_euro(120_000), low=_euro(-30_000), high=_euro(250_000),
        certainty="assumed", until=NOW + timedelta(days=2), address="/ui/approvals/a1",
    )  # fmt: skip


def test_a_decision_names_the_money_how_certain_it_is_and_one_way_to_decide() -> None:
    html = render_card(
        MondayCard(shop_id="nord", at=NOW, decisions=(_decision("<b>Spring"),), n_more=2), words("en"), "UTC"
    )
    assert "&lt;b&gt;Spring" in html
    assert "1,200.00 EUR at stake (-300.00 EUR to 2,500.00 EUR" in html
    assert html.count("<a ") == 1
    assert 'href="/ui/approvals/a1"' in html
    assert "2 more wait" in html


def test_nothing_says_so_in_both_languages() -> None:
    card = MondayCard(shop_id="nord", at=NOW, decisions=(), n_more=0)
    assert "Nothing needs you." in render_card(card, words("en"), "UTC")
    assert "没有需要您处理" in render_card(card, words("zh"), "UTC")


def test_figures_have_intervals_and_what_is_unknown_says_why() -> None:
    unknown = NotEstimable(code="too_few_buyers", message="No new customers in the period.")
    rate = Interval(estimate=0.16, low=0.14, high=0.18, method="wilson")
    found = Standing(
        as_of=NOW, rpr=Rpr(n_people=1_200, n_repeat=192, within_days=90, rate=rate), clv=unknown, referral=unknown,
        post_share_rate=0.12, share_min_rate=0.2, share_max_rate=0.3,
    )  # fmt: skip
    html = render_standing(found, words("en"), a_shop())
    assert "16.0%" in html
    assert "14.0% – 18.0% · of 1,200 new buyers" in html
    assert "No new customers in the period." in html
    chinese = render_standing(found, words("zh"), a_shop())
    assert "No new customers" not in chinese and chinese.count("没有足够的订单") == 2
    assert "left:20.0%;width:10.0%" in html
    assert "12.0%" in html


def test_today_stands_on_the_ninety_days_only_while_they_run() -> None:
    plan = good_plan()
    begins = datetime(plan.anchor_on.year, plan.anchor_on.month, plan.anchor_on.day, 12, tzinfo=UTC)
    shown = {
        day: render_timeline(Timeline(plan=plan, status="live"), words("en"), begins + timedelta(days=day))
        for day in (-3, 30, 95)
    }
    assert "begins in 3 days" in shown[-3] and "<b style" not in shown[-3]
    assert "today is day 30 of 90" in shown[30] and '<b style="left:33.33%"' in shown[30]
    assert "over for 5 days" in shown[95] and "<b style" not in shown[95]
