"""The page of content in a real browser: entries and messages in each language, by keyboard, on a phone."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from tests.api.conftest import token_of
from tests.api.ui.browsing import Served, open_signed_in, parts_fit_a_phone, settled, violations
from tests.api.ui.content.test_items_view import ITEM
from tests.factories.shop import a_shop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def owner(installed: App) -> str:
    """A token for a viewer of a shop with a course of its own."""
    shop = a_shop().model_copy(update={"shop_id": "cmty-content", "name": "Cmty content"})
    with installed.store.unit_of_work() as uow:
        uow.shops.add(shop)
        uow.content_items.put(shop.shop_id, ITEM, "cmty-content-viewer", installed.clock.now())
    headers = token_of(installed, "cmty-content-viewer", "viewer", shop_id=shop.shop_id)
    return headers["Authorization"].removeprefix("Bearer ")


def test_s1_38_the_shops_own_items_are_read_in_both_themes_and_on_a_phone(
    served: Served, page: "Page", owner: str
) -> None:
    open_signed_in(page, served, owner, "/ui/content?part=items")
    settled(page)
    assert page.get_by_role("row", name="Your <first> run").get_by_text("app only").is_visible()
    page.get_by_role("navigation", name="Language of the words").get_by_role("link", name="German").click()
    page.wait_for_url("**part=items&language=de**")
    page.get_by_role("row", name="first_run").wait_for()
    settled(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == [], theme
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert served.broken == [] and served.outside == []


def test_s1_39_what_the_library_says_is_read_in_each_language(served: Served, page: "Page") -> None:
    open_signed_in(page, served, served.token, "/ui/content")
    settled(page)
    wool = page.get_by_role("row", name="Wool")
    assert wool.get_by_text("Wool cleans itself in fresh air.").is_visible()
    languages = page.get_by_role("navigation", name="Language of the words")
    languages.get_by_role("link", name="German").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**language=de**")
    settled(page)
    assert wool.locator("[lang=de]").inner_text().startswith("Wolle reinigt sich")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == [], theme
    assert served.broken == [] and served.outside == []


def test_the_words_of_a_message_are_read_in_each_language_in_both_themes(served: Served, page: "Page") -> None:
    open_signed_in(page, served, served.token, "/ui/content?part=messages")
    settled(page)
    page.get_by_role("link", name="Care guide").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**message=care_guide**")
    page.get_by_role("rowheader", name="Subject lines").wait_for()
    page.get_by_role("navigation", name="Language of the words").get_by_role("link", name="Japanese").click()
    page.wait_for_url("**language=ja**")
    page.locator("td [lang=ja]").first.wait_for()
    settled(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == [], theme
    page.goto(f"{served.address}/ui/content?part=messages&message=no_such_one")
    page.get_by_text("no_such_one").first.wait_for()
    assert served.broken == [] and served.outside == []


@pytest.mark.long  # a further language and width of what the others show
def test_in_chinese_on_a_phone_nothing_is_cut(served: Served, page: "Page") -> None:
    open_signed_in(page, served, served.token, "/ui/content")
    settled(page)
    page.get_by_role("button", name="中文").click()
    page.get_by_role("row", name="羊毛").wait_for()
    parts_fit_a_phone(page, (("消息", "保养指南"), ("内容库", "材质或品类")))
    assert served.broken == []
