"""The page of community in a real browser: each part in both themes, what waits is decided, four eyes hold."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from eval.gym.shop import demo_shop
from memory.domain.principal import Role
from tests.api.ui.belonging import with_community
from tests.api.ui.browsing import Served, open_signed_in, parts_fit_a_phone, settled, violations
from tests.api.ui.living import new_shop
from tests.api.ui.loyal import with_loyalty

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CMTY = demo_shop().model_copy(update={"shop_id": "cmty", "name": "Cmty"})
PARTS = {
    "Challenges": "Shoes in autumn",
    "Ambassadors": "The weights are invented, not measured.",
    "Who recommends": "There is no measured effect of inviting.",
    "Communities": "Berlin Runners",
}


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop with communities, posts that wait and somebody proposed."""
    people: dict[Role, str] = {
        "marketer": "cmty-marketer", "viewer": "cmty-viewer", "approver": "cmty-approver",
    }  # fmt: skip
    found = new_shop(installed, tmp_path_factory.mktemp("cmty"), CMTY, people)
    with_loyalty(installed, CMTY.shop_id, "cmty-marketer")
    with_community(installed, CMTY.shop_id, "cmty-marketer")
    return found


def opened(page: "Page", served: Served, token: str, part: str = "groups") -> None:
    open_signed_in(page, served, token, f"/ui/community?part={part}")
    settled(page)


def test_every_part_is_read_by_keyboard_in_both_themes(served: Served, page: "Page", tokens: dict[str, str]) -> None:
    opened(page, served, tokens["viewer"])
    row = page.get_by_role("row", name="Berlin Runners")
    assert [cell.strip() for cell in row.get_by_role("cell").all_inner_texts()][1:] == ["7", "6", "1"]
    for name, seen in PARTS.items():
        page.get_by_role("navigation", name="Parts of the page").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        page.get_by_text(seen).first.wait_for()
        settled(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], (name, theme)
        assert page.get_by_role("button", name="Accept").count() == 0, "a viewer decides nothing"
    assert served.broken == [] and served.outside == []


def test_s1_31_what_waits_is_accepted_and_refused_and_nothing_of_it_is_loaded(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"], "challenges")
    queue = page.get_by_role("article")
    assert queue.count() == 3 and page.locator("main img, .so-page img").count() == 0
    assert queue.nth(0).get_by_text("<img src=https://evil.example.invalid/x.png>").is_visible()
    assert queue.nth(1).get_by_text("No consent to its use").is_visible()
    assert violations(page) == []
    queue.nth(1).get_by_role("button", name="Refuse").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why, without personal data").fill("Other shoes.")
    assert violations(page, ".q-dialog") == []
    dialog.get_by_role("button", name="Refuse").click()
    page.get_by_role("link", name="refused (1)").wait_for()
    settled(page)
    page.get_by_role("article").nth(0).get_by_role("button", name="Accept").click()
    page.get_by_role("dialog").get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="accepted (1)").wait_for()
    settled(page)
    page.get_by_role("link", name="refused (1)").click()
    page.get_by_text("Why: Other shoes.").wait_for()
    assert served.broken == [] and served.outside == []


def test_a_refusal_without_a_reason_is_said_and_the_post_still_waits(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"], "challenges")
    n = page.get_by_role("article").count()
    page.get_by_role("article").nth(0).get_by_role("button", name="Refuse").click()
    page.get_by_role("dialog").get_by_role("button", name="Refuse").click()
    page.get_by_text("a refusal cannot be used: it says no reason. Say why.").wait_for()
    assert page.get_by_role("article").count() == n > 0


def test_s1_32_who_proposed_may_not_approve_and_a_second_person_does(
    served: Served, page: "Page", tokens: dict[str, str], installed: App
) -> None:
    opened(page, served, tokens["marketer"], "ambassadors")
    page.get_by_text("An approver who did not propose them decides.").wait_for()
    assert page.get_by_role("button", name="Approve").count() == 0
    page.get_by_role("button", name="Propose").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Propose").click()
    proposals = page.get_by_role("region", name="Waiting for a second person")
    proposals.get_by_role("article").nth(1).wait_for()
    page.context.clear_cookies()
    opened(page, served, tokens["approver"], "ambassadors")
    assert proposals.get_by_text("points", exact=False).first.is_visible()
    proposals.get_by_role("button", name="Approve").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    page.get_by_text("to be invited by hand").first.wait_for()
    with installed.store.read() as uow:
        [invited] = [one for one in uow.ambassadors.all("cmty") if one.state == "invited"]
    assert (invited.proposed_by, invited.decided_by) == ("cmty-marketer", "cmty-approver")
    assert violations(page) == [] and served.broken == []


@pytest.mark.long  # a further language and width of what the others show
def test_in_chinese_on_a_phone_each_part_is_chinese_and_nothing_is_cut(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    page.get_by_role("button", name="中文").click()
    page.get_by_text("可邀请：").first.wait_for()
    parts_fit_a_phone(
        page,
        (
            ("挑战活动", "顾客看到的规则"),
            ("品牌大使", "权重为设定值，未经测量。"),
            ("谁在推荐", "没有测得的邀请效果。"),
        ),
    )
    assert served.broken == []
