"""The pages of sessions in a real browser: read by everybody, replayed and compared by evaluators alone."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from api.verbs import plans
from api.verbs.acting import Acting
from memory.domain.brief import Brief
from tests.api.conftest import STOCKED, token_of
from tests.api.ui.browsing import TURN_MS, Served, open_signed_in, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def recorded(installed: App, served: Served) -> dict[str, str]:
    """Two recorded drafts of mia's, and an evaluator's token: `one`, `other`, `evaluator`."""
    with installed.store.read() as uow:
        mia = Acting(app=installed, principal=uow.principals.get("mia"), shop_id=STOCKED)
    ids = [plans.draft(mia, Brief(holdout_rate=rate))[1] for rate in (0.1, 0.2)]
    token = token_of(installed, "eve", "evaluator", shop_id=STOCKED)["Authorization"].removeprefix("Bearer ")
    return {"one": ids[0], "other": ids[1], "evaluator": token}


def opened(page: "Page", served: Served, token: str, address: str) -> None:
    open_signed_in(page, served, token, address)
    page.wait_for_function(
        "document.querySelector('.so-sessions') && !document.querySelector('.so-loading')", timeout=TURN_MS
    )


def test_an_evaluator_reads_replays_and_asks_what_would_differ_by_keyboard(
    served: Served, page: "Page", recorded: dict[str, str]
) -> None:
    opened(page, served, recorded["evaluator"], "/ui/sessions")
    page.get_by_text("No scoreboard is stored.").wait_for()
    assert violations(page) == []
    page.locator(f'a[href="/ui/sessions/{recorded["one"]}"]').focus()
    page.keyboard.press("Enter")
    page.get_by_text("Made a plan").click()
    page.get_by_text("Their chain and seal hold.").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Replay").click()
    page.get_by_role("button", name="Replay it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Every entry of the replay is the recorded one.").wait_for(timeout=TURN_MS)
    page.get_by_role("link", name="What if").click()
    page.get_by_role("button", name="Ask what would differ").click()
    page.get_by_text("Name at least one change.").wait_for(timeout=TURN_MS)
    page.get_by_label("Id of the other session").fill(recorded["other"])
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("First input that differs: the brief.").wait_for(timeout=TURN_MS)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    assert served.broken == [] and served.outside == []


@pytest.mark.long  # a further language and width of what the others show
def test_a_marketer_reads_in_chinese_on_a_phone_and_is_told_who_may_replay(
    served: Served, page: "Page", recorded: dict[str, str]
) -> None:
    opened(page, served, served.token, f"/ui/sessions/{recorded['one']}?part=replay")
    page.get_by_text("Only evaluators and admins replay").wait_for()
    assert page.get_by_role("button", name="Replay it").count() == 0
    page.get_by_role("button", name="中文").click()
    page.get_by_text("只有评估员和管理员").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.address}/ui/sessions/{recorded['one']}")
    page.get_by_text("链与封印完好。").wait_for(timeout=TURN_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{served.address}/ui/sessions/{'0' * 17}")
    page.locator(".so-notice.so-wrong").wait_for()
    assert violations(page) == []
