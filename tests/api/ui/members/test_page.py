"""The page of members in a real browser: every part in both themes, by keyboard, on a phone, in Chinese."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from eval.gym.shop import demo_shop
from memory.domain.principal import Role
from tests.api.ui.browsing import Served, open_signed_in, parts_fit_a_phone, settled, violations
from tests.api.ui.living import live_shop
from tests.api.ui.loyal import with_loyalty

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLUB = demo_shop().model_copy(update={"shop_id": "club", "name": "Club"})
PARTS = {
    "Owed": "Cost less assumed breakage",
    "Missions and early access": "spring-drop",
    "Members beside others": "Not an effect.",
    "Programme": "What points buy",
}


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop with a live plan and members."""
    people: dict[Role, str] = {"marketer": "club-marketer", "viewer": "club-viewer"}
    found = live_shop(installed, tmp_path_factory.mktemp("club"), CLUB, people, exploration_rate=0.3)
    with_loyalty(installed, CLUB.shop_id, "club-marketer")
    return found


def opened(page: "Page", served: Served, token: str) -> None:
    open_signed_in(page, served, token, "/ui/members")
    settled(page)


def test_every_part_is_read_by_keyboard_in_both_themes(served: Served, page: "Page", tokens: dict[str, str]) -> None:
    opened(page, served, tokens["viewer"])
    page.get_by_role("table", name="Members: 60.").get_by_role("rowheader", name="Bronze").wait_for()
    for name, seen in PARTS.items():
        page.get_by_role("navigation", name="Parts of the page").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        page.get_by_text(seen).first.wait_for()
        settled(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], (name, theme)
    assert served.broken == [] and served.outside == []


@pytest.mark.long  # a further language and width of what the other shows
def test_in_chinese_on_a_phone_each_part_is_chinese_and_nothing_is_cut(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    page.get_by_role("button", name="中文").click()
    page.get_by_role("table", name="会员数：60。").wait_for()
    parts_fit_a_phone(
        page, (("待兑付", "永不兑换：20%。"), ("任务与抢先购", "剩余件数"), ("会员与其他顾客", "并非效果。"))
    )
    assert served.broken == []
