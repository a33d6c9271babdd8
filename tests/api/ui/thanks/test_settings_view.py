from api.ui.shell.words import LANGUAGES, words
from api.ui.thanks.settings_view import NETWORKS, choices, no_page, render_settings, reward_words
from memory.domain.thanks import Network, PageVariant, ThanksSettings, ThanksStanding
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, SETTINGS, SHOES

STANDING = ThanksStanding(settings=SETTINGS, set_by="<mia>", set_at=AT, prepared_at=AT)
NOTHING = {"market": "", "variant": "", "sku": ""}


def test_without_a_page_it_says_how_to_set_one_up_and_who_may() -> None:
    html = no_page(words("en"), may_set=False)
    assert "secondorder thanks set thanks.yaml" in html and "Marketers and admins" in html
    assert "You may set it" in no_page(words("en"), may_set=True)


def test_it_says_whether_it_is_on_and_the_terms_with_money_and_hours() -> None:
    html = render_settings(STANDING, SHOP, words("en"))
    assert ">On<" in html and "€2.00 off from €50.00" in html and "48 hours" in html and "&lt;mia&gt;" in html
    assert "Jan 15, 2026, 13:00 (Europe/Berlin)" in html and "0.0%" in html
    off = STANDING.model_copy(update={"settings": ThanksSettings(is_on=False), "prepared_at": None})
    html = render_settings(off, SHOP, words("en"))
    assert ">Off<" in html and "No code" in html and "not been worked out" in html and "No accounts" in html


def test_markets_have_their_accounts_and_reward_the_home_market_first() -> None:
    html = render_settings(STANDING, SHOP, words("en"))
    assert html.index("Germany (DE)") < html.index("China (CN)")
    assert "Instagram" in html and "€10.00" in html and "100 points" in html
    assert reward_words(None, words("zh")) == "无奖励"


def test_every_network_and_part_and_list_has_its_words() -> None:
    from typing import get_args

    assert NETWORKS.keys() == set(get_args(Network))
    both = SETTINGS.model_copy(
        update={"variants": (PageVariant(id="full"), PageVariant(id="best", goods="bestsellers"))}
    )
    for language in LANGUAGES:
        assert "best" in render_settings(STANDING.model_copy(update={"settings": both}), SHOP, words(language))


def test_the_preview_keeps_what_was_chosen_in_the_address() -> None:
    html = choices(SETTINGS, SHOP, {**NOTHING, "sku": SHOES}, words("en"))
    assert "/ui/thank-you?market=CN&amp;sku=shoes" in html and html.count("aria-current") == 1
    two = SETTINGS.model_copy(update={"variants": (PageVariant(id="a"), PageVariant(id="b"))})
    html = choices(two, SHOP, {**NOTHING, "market": "CN", "variant": "b"}, words("en"))
    assert "market=CN&amp;variant=a" in html and html.count("aria-current") == 2
