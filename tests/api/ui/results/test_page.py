"""The page of results in a real browser: the answer first, files to keep, hindsight, roles, Chinese, a phone."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from eval.gym.shop import demo_shop
from memory.domain.principal import Role
from tests.api.ui.browsing import TURN_MS, Served, open_signed_in, sign_in, violations
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


def opened(page: "Page", served: Served, token: str, part: str = "lift") -> None:
    """Sign in and open the newest plan's part; its results stand there once nothing is read any more."""
    open_signed_in(page, served, token, f"/ui/results?part={part}")
    read(page)


def read(page: "Page") -> None:
    """Wait until the open part is there."""
    page.locator("#results").wait_for(timeout=TURN_MS)
    page.wait_for_function("!document.querySelector('.so-loading')", timeout=TURN_MS)


def test_a_marketer_reads_the_lift_and_keeps_it_as_a_file_in_both_themes(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    page.get_by_role("heading", name="Incremental repeat purchase rate (RPR)").wait_for(timeout=TURN_MS)
    terms = page.locator(".so-equation").inner_text()
    assert terms.index("treated") < terms.index("−") < terms.index("control") < terms.index("=")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    for form, start in (("CSV", b"\xef\xbb\xbf"), ("PDF", b"%PDF-")):
        with page.expect_download(timeout=TURN_MS) as awaited:
            page.get_by_role("button", name=f"Download: {form}").click()
        assert awaited.value.suggested_filename.endswith(f"-en.{form.lower()}")
        assert awaited.value.path().read_bytes().startswith(start)
    page.get_by_role("link", name="Diagnostics").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/results/*?part=diagnostics")
    read(page)
    page.get_by_text("These figures decide nothing.").wait_for()
    page.get_by_text("No message has left yet.").wait_for(timeout=TURN_MS)
    assert violations(page) == []
    assert served.broken == [] and served.outside == []


def test_an_evaluator_asks_for_hindsight_by_keyboard_and_others_are_told_who_may(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["evaluator"], "hindsight")
    page.get_by_role("button", name="Work it out").focus()
    page.keyboard.press("Enter")
    answers = page.get_by_role("region", name="Hindsight").get_by_role("table", name="Ways to decide")
    answers.wait_for(timeout=TURN_MS)
    assert answers.get_by_role("rowheader").count() == 5
    assert answers.get_by_role("rowheader", name="Nobody gets a message").is_visible()
    assert violations(page) == []
    opened(page, served, tokens["marketer"], "hindsight")
    page.get_by_text("Only evaluators and admins").wait_for()
    assert page.get_by_role("button", name="Work it out").count() == 0


@pytest.mark.long  # a further language and width of what the others show
def test_in_chinese_on_a_phone_each_part_is_chinese_and_nothing_is_cut(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"], "review")
    page.get_by_text("Proposal: continue.").wait_for(timeout=TURN_MS)
    page.get_by_role("rowheader", name="All people").wait_for()
    page.get_by_role("button", name="中文").click()
    page.get_by_text("建议：继续。").wait_for(timeout=TURN_MS)
    page.set_viewport_size({"width": 390, "height": 844})
    for name, seen in (
        ("增量", "增量复购率（RPR）"),
        ("复购曲线", "复购曲线"),
        ("成本", "带来的收益与成本"),
        ("简报", "带来了什么"),
    ):
        page.get_by_role("navigation", name="结果的各部分").get_by_role("link", name=name, exact=True).click()
        page.get_by_text(seen).first.wait_for(timeout=TURN_MS)
        read(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    assert violations(page) == []
    assert served.broken == []


def test_a_shop_without_a_live_plan_and_a_plan_that_is_not_there_say_so(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}/ui/results")
    page.get_by_role("status").filter(has_text="No plan has gone live yet.").wait_for()
    assert violations(page) == []
    opened(page, served, tokens["marketer"])
    page.goto(f"{served.address}/ui/results/{'f' * 64}")
    page.get_by_role("status").filter(has_text="There is no such plan here.").wait_for()
