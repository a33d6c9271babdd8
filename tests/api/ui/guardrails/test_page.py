"""The guardrails page in a real browser: look, change, see what it would have done, say why, restore; by role."""

from typing import TYPE_CHECKING

import pytest

from api.verbs import guardrails
from api.verbs.acting import Acting
from tests.api.conftest import GUARDRAILS, STOCKED
from tests.api.ui.browsing import TURN_MS, Served, open_signed_in, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from agent.assembly import App

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_marketer_changes_a_limit_with_a_reason_and_sets_the_old_one_again(
    served: Served, page: "Page", installed: "App"
) -> None:
    open_signed_in(page, served, served.token, "/ui/guardrails")
    days = page.get_by_role("group", name="Pause after an order").get_by_label("Days")
    page.get_by_text("No message left in this time").wait_for(timeout=TURN_MS)
    days.fill("soon")
    page.get_by_text("Write a whole number").wait_for(timeout=TURN_MS)
    days.fill("9")
    save = page.get_by_role("button", name="Set these limits")
    page.wait_for_function("!document.getElementById('so-save').disabled", timeout=TURN_MS)
    page.wait_for_timeout(500)  # colours change over a moment
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert violations(page) == []
    save.click()
    page.get_by_label("Why (needed").fill("two mails after an order were too many")
    page.get_by_role("dialog").get_by_role("button", name="Set these limits").click()
    page.get_by_text("two mails after an order were too many").wait_for(timeout=TURN_MS)
    page.goto(f"{served.address}/ui/guardrails?view=versions&version=1")
    page.get_by_text("no promotion for 9 days after an order").wait_for(timeout=TURN_MS)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Set version 1 again").click()
    page.get_by_label("Why (needed").fill("nobody complained")
    page.get_by_role("dialog").get_by_role("button", name="Set version 1 again").click()
    page.get_by_text("nobody complained").wait_for(timeout=TURN_MS)
    with installed.store.read() as uow:
        assert uow.guardrails.current_version(STOCKED) == GUARDRAILS.version
        acting = Acting(app=installed, principal=uow.principals.get("mia"), shop_id=STOCKED)
    assert [one.note for one in guardrails.history(acting)][-1] == "nobody complained"
    assert served.broken == [] and served.outside == []


def test_who_may_only_read_sees_every_limit_with_its_reason_and_no_form(served: Served, page: "Page") -> None:
    open_signed_in(page, served, served.approver, "/ui/guardrails")
    page.get_by_text("Marketers and administrators can change them").wait_for(timeout=TURN_MS)
    page.get_by_text("at least 5% of people get nothing").wait_for()
    assert page.get_by_role("button", name="Set these limits").count() == 0
    assert violations(page) == []
    page.get_by_role("button", name="中文").click()
    page.get_by_text("至少5%的人不接收任何消息").wait_for(timeout=TURN_MS)
    assert violations(page) == []
