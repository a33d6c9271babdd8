"""The page of the thank-you page in a real browser: what a shopper sees, every part in both themes, on a phone."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from eval.gym.shop import demo_shop
from memory.domain.principal import Role
from tests.api.ui.browsing import Served, open_signed_in, parts_fit_a_phone, settled, violations
from tests.api.ui.living import new_shop
from tests.api.ui.loyal import with_loyalty

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MERCI = demo_shop().model_copy(update={"shop_id": "merci", "name": "Merci"})
PARTS = {
    "Goods per market": "Germany (DE)",
    "Effect": "What was seen",
    "Rewards owed": "Paying out stays with the shop.",
}


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop with a thank-you page."""
    people: dict[Role, str] = {"marketer": "merci-marketer", "viewer": "merci-viewer"}
    found = new_shop(installed, tmp_path_factory.mktemp("merci"), MERCI, people)
    with_loyalty(installed, MERCI.shop_id, "merci-marketer")
    return found


def opened(page: "Page", served: Served, token: str) -> None:
    open_signed_in(page, served, token, "/ui/thank-you")
    settled(page)


def test_the_block_is_shown_as_a_shopper_of_each_market_sees_it(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["viewer"])
    frame = page.frame_locator("iframe.so-block")
    frame.get_by_role("heading", name="Danke für Ihre Bestellung").wait_for()
    assert frame.get_by_text("THX-EXAMPLE").is_visible() and frame.get_by_role("listitem").count() > 4
    page.get_by_role("link", name="China (CN)").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/thank-you?market=CN")
    settled(page)
    frame.get_by_role("heading", name="感谢您的订购").wait_for()
    assert frame.get_by_role("link", name="示例官方").is_visible()
    page.get_by_role("link", name="goods-only").click()
    page.wait_for_url("**variant=goods-only**")
    settled(page)
    frame.get_by_role("heading", name="感谢您的订购").wait_for()
    assert frame.get_by_text("THX-EXAMPLE").count() == 0
    page.get_by_label("Ordered article (SKU)").fill("nothing-of-ours")
    page.keyboard.press("Enter")
    page.wait_for_url("**sku=nothing-of-ours**")
    settled(page)
    assert page.locator("iframe.so-block").count() == 1
    assert served.broken == [] and served.outside == []


def test_every_part_is_read_in_both_themes(served: Served, page: "Page", tokens: dict[str, str]) -> None:
    opened(page, served, tokens["viewer"])
    for name, seen in PARTS.items():
        page.get_by_role("navigation", name="Parts of the page").get_by_role("link", name=name).click()
        page.get_by_text(seen).first.wait_for()
        settled(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], (name, theme)
    assert served.broken == [] and served.outside == []


def test_a_variant_that_is_not_there_is_refused_in_its_part_alone(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["viewer"])
    page.goto(f"{served.address}/ui/thank-you?variant=none")
    page.get_by_text("Name one of full, goods-only.").wait_for()
    assert page.get_by_text("€2.00 off from €50.00").is_visible() and violations(page) == []


@pytest.mark.long  # a further language and width of what the others show
def test_in_chinese_on_a_phone_each_part_is_chinese_and_nothing_is_cut(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    page.get_by_role("button", name="中文").click()
    page.get_by_text("满 €50.00 减 €2.00").wait_for()
    parts_fit_a_phone(page, (("各市场商品", "德国 (DE)"), ("效果", "各组结果"), ("待付奖励", "奖励由店铺自行发放。")))
    assert served.broken == []
