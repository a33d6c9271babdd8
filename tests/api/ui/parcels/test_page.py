"""The page of parcels in a real browser: lanes and lost parcels in both themes, by keyboard, on a phone in Chinese."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from tests.api.conftest import token_of
from tests.api.ui.browsing import Served, open_signed_in, settled, violations
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP = "cmty-parcels"


@pytest.fixture(scope="module")
def token(installed: App) -> str:
    """A viewer of a shop whose parcels took two to six days, but for one that never came."""
    now, facts = installed.clock.now(), Facts()
    for number in range(40):
        person, ref, at = f"{SHOP}-{number}", f"#P{number}", now - timedelta(days=60)
        facts.order(person, at, order_ref=ref, market="DE")
        facts.add("shipments", at, order_ref=ref, origin="CN", carrier="post")
        if number:
            facts.event(person, at + timedelta(days=2 + number % 5), "delivery", order_ref=ref)
    facts.order(f"{SHOP}-new", now - timedelta(days=1), order_ref="#new", market="DE")
    for table, rows in facts.rows.items():
        for number, row in enumerate(rows):  # shops share one installation, and its facts are told apart by id alone
            row["fact_id"] = f"{SHOP}-{table}-{number}"
    settle(installed.store, installed.lake, facts, now, shop_id=SHOP)
    headers = token_of(installed, f"{SHOP}-viewer", "viewer", shop_id=SHOP)
    return headers["Authorization"].removeprefix("Bearer ")


def test_s1_16_lanes_and_lost_parcels_are_read_in_both_themes(served: Served, page: "Page", token: str) -> None:
    open_signed_in(page, served, token, "/ui/parcels")
    settled(page)
    page.get_by_text("As a table").focus()
    page.keyboard.press("Enter")
    lane = page.get_by_role("row", name="China (CN) → Germany (DE) · post")
    assert lane.get_by_role("cell").all_inner_texts()[:2] == ["40", "39"]
    for name in ("Lanes", "Probably lost"):
        page.get_by_role("navigation", name="Parts of the page").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        settled(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], (name, theme)
    page.get_by_role("rowheader", name="#P0").wait_for()
    assert page.get_by_role("row").count() == 2 and served.broken == [] and served.outside == []


@pytest.mark.long  # a further language and width of what the other shows
def test_in_chinese_on_a_phone_nothing_is_cut(served: Served, page: "Page", token: str) -> None:
    open_signed_in(page, served, token, "/ui/parcels")
    page.get_by_role("button", name="中文").click()
    page.get_by_text("以表格显示").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    for name in ("可能丢失", "线路"):
        page.get_by_role("navigation", name="本页各部分").get_by_role("link", name=name).click()
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        assert violations(page) == [], name
    assert served.broken == []
