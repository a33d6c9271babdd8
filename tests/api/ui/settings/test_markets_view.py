"""Markets as HTML."""

from datetime import date

from api.ui.settings.markets_view import render_markets
from api.ui.shell.words import LANGUAGES, words
from api.verbs.markets import MarketView
from memory.domain.market import LegalHours, Market

HOURS = LegalHours(
    channel="sms", opens_minute=540, closes_minute=1_200, closed_weekdays=(6,), closed_on_holidays=True, source="Law 1",
    as_of=date(2026, 1, 2),
)  # fmt: skip
VIEW = MarketView(
    market=Market(
        country="FR", name="France", language="fr", currency="EUR", zones=("Europe/Paris",), legal_hours=(HOURS,)
    ),
    is_home=True,
    is_sent_to=False,
    double_opt_in=("email",),
    unproven=("push",),
    soft_opt_in_months=24,
    consent_source="Law 2 (2026-01-02); confirm with counsel",
    holidays=tuple(date(2026, 1, day) for day in range(1, 20)),
)


def test_a_market_shows_its_rules_with_their_sources() -> None:
    html = render_markets((VIEW,), words("en"))
    for said in ("French", "SMS 09:00–20:00", "closed on Sunday", "Law 1", "Law 2", "24 months", "home market", "…"):
        assert said in html


def test_a_market_without_rules_says_so_in_both_languages() -> None:
    bare = VIEW.model_copy(
        update={
            "market": VIEW.market.model_copy(update={"legal_hours": ()}), "double_opt_in": (), "unproven": (),
            "soft_opt_in_months": None, "holidays": (),
        }
    )  # fmt: skip
    for language in LANGUAGES:
        html = render_markets((bare,), words(language))
        assert words(language)("markets", "no_hours") in html
        assert words(language)("markets", "strict") in html
        assert words(language)("markets", "no_holidays") in html


def test_a_country_of_many_rules_keeps_them_folded() -> None:
    many = VIEW.model_copy(update={"market": VIEW.market.model_copy(update={"legal_hours": (HOURS,) * 5})})
    html = render_markets((many,), words("en"))
    assert "3 further rules" in html
    assert html.count("Law 1") == 5
    assert "<details" not in render_markets((VIEW,), words("en"))
