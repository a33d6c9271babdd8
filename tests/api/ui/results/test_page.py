"""The page of results in a real browser: review, brief and hindsight by session, by role, by keyboard, in Chinese."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from eval.gym.shop import demo_shop
from memory.domain.principal import Role
from tests.api.ui.browsing import TURN_MS, Served, sign_in, violations
from tests.api.ui.living import live_shop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WEST = demo_shop().model_copy(update={"shop_id": "west", "name": "West"})


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop with a plan that is live, and its people: a marketer and an evaluator."""
    people: dict[Role, str] = {"marketer": "wim", "evaluator": "eva"}
    return live_shop(installed, tmp_path_factory.mktemp("west"), WEST, people, exploration_rate=0.3)


def opened(page: "Page", served: Served, token: str) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}/ui/results")
    page.get_by_role("heading", name="Review").wait_for()


def test_an_evaluator_reads_review_brief_and_hindsight_by_keyboard_and_session(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["evaluator"])
    page.get_by_text("Proposal: continue.").wait_for(timeout=TURN_MS)
    page.get_by_role("heading", name="What it gained").wait_for(timeout=TURN_MS)
    page.get_by_role("region", name="What messages met with").get_by_role("rowheader", name="All people").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Work it out").focus()
    page.keyboard.press("Enter")
    answers = page.get_by_role("region", name="Hindsight").get_by_role("table", name="Ways to decide")
    answers.wait_for(timeout=TURN_MS)
    assert answers.get_by_role("rowheader").count() == 5
    assert answers.get_by_role("rowheader", name="Nobody gets a message").is_visible()
    assert violations(page) == []
    assert served.broken == [] and served.outside == []


def test_in_chinese_on_a_phone_all_is_chinese_and_nothing_is_cut(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["evaluator"])
    page.get_by_role("button", name="中文").click()
    page.get_by_text("建议：继续。").wait_for(timeout=TURN_MS)
    page.get_by_role("button", name="开始计算").click()
    page.get_by_role("rowheader", name="不给任何人发消息").wait_for(timeout=TURN_MS)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_whoever_may_not_evaluate_reads_the_review_and_is_told_who_may_ask_for_hindsight(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    page.get_by_text("Proposal: continue.").wait_for(timeout=TURN_MS)
    page.get_by_text("Only evaluators and admins").wait_for()
    assert page.get_by_role("button", name="Work it out").count() == 0


def test_a_shop_without_a_live_plan_says_so(served: Served, page: "Page", tokens: dict[str, str]) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}/ui/results")
    page.get_by_role("status").filter(has_text="No plan has gone live yet.").wait_for()
    assert violations(page) == []
