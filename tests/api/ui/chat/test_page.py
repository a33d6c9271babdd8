"""The workspace in a real browser: sign in, chat, see the plan and its diff; keyboard, phone, accessibility."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from api.verbs import approvals, plans
from api.verbs.acting import Acting
from memory.domain.brief import Brief
from memory.domain.message import MessageKind
from tests.api.conftest import STOCKED
from tests.api.ui.browsing import TURN_MS, Served, say, sign_in, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEFT_OUT: tuple[MessageKind, ...] = ("category_series", "price_drop", "back_in_stock", "seasonal_reactivation")


def test_dc_07_a_marketer_signs_in_chats_and_sees_the_plan_and_its_diff_beside_it(served: Served, page: "Page") -> None:
    page.goto(f"{served.address}/")
    page.wait_for_url("**/sign-in")
    sign_in(page, "so_wrong")
    page.get_by_role("alert").filter(has_text="not valid").wait_for()
    assert violations(page) == []
    sign_in(page, served.token)
    page.wait_for_url("**/ui/")
    page.goto(f"{served.address}/ui/chat")
    page.get_by_role("heading", name="No plan yet").wait_for()
    assert served.token not in page.content()

    say(page, "What should the plan do?", "draft the plan")
    page.get_by_role("heading", name="Ninety days, four cohorts").wait_for()
    assert page.locator(".so-step").count() > 40
    why = page.locator(".so-plan .so-step .so-why").first
    assert why.locator("p").is_hidden()
    why.locator("summary").focus()
    page.keyboard.press("Enter")
    why.locator("p").wait_for()
    page.locator(".so-plan .so-cohort .so-why summary").first.click()
    page.locator(".so-plan .so-offers .so-why summary").first.click()
    say(page, "What should the plan do?", "no SMS in Germany, leave out the care guide")
    page.get_by_role("heading", name="What changed").wait_for()
    assert page.locator(".so-changes li").count() > 0
    assert violations(page) == []

    page.get_by_role("button", name="中文").click()
    page.get_by_role("heading", name="九十天，四类人群").wait_for()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    assert page.locator(".so-say.you").count() == 2  # what was said is still there
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="方案", exact=True).click()
    page.get_by_role("heading", name="九十天，四类人群").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    assert served.outside == []
    assert served.broken == []


def test_d2_the_workspace_shows_nothing_without_a_token_and_forgets_it_on_sign_out(
    served: Served, page: "Page"
) -> None:
    page.goto(f"{served.address}/ui/")
    page.wait_for_url("**/sign-in")
    sign_in(page, served.token)
    page.get_by_role("button", name="Sign out").wait_for()
    cookie = {one["name"]: one for one in page.context.cookies()}["so_session"]  # plain http on loopback: no __Host-
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert [one["name"] for one in page.context.cookies() if one["name"] == "so_session"] == []
    page.goto(f"{served.address}/ui/")
    page.wait_for_url("**/sign-in")
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a thief's copy: the server ended the session
    page.goto(f"{served.address}/ui/")
    page.wait_for_url("**/sign-in")


def _requested(installed: App) -> str:
    """A request of Mia's for a plan whose title hides letters; gives its id."""
    with installed.store.read() as uow:
        mia = uow.principals.get("mia")
    acting = Acting(app=installed, principal=mia, shop_id=STOCKED)
    outcome, _ = plans.draft(acting, Brief(excluded_kinds=LEFT_OUT))  # a shorter plan shows the same page sooner
    assert outcome.kind == "drafted"
    hostile = outcome.stored.plan.model_copy(update={"title": "Winter\u202egnihton\u200b <b>x</b>"})
    with installed.store.unit_of_work() as uow:
        uow.plans.put(hostile, "mia", (), installed.clock.now())
    return approvals.request(acting, hostile.id).id


def test_d1_the_approver_sees_every_word_and_the_decision_counts_once(
    served: Served, page: "Page", installed: App
) -> None:
    request_id = _requested(installed)
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.approver)
    page.get_by_role("link", name="Approvals").click()
    page.locator(".so-page tbody a").first.click()
    page.get_by_role("heading", name="Every message, word for word").wait_for(timeout=TURN_MS)
    page.get_by_role("heading", name="Three people at the edges").wait_for()
    edges = page.locator(".so-review tbody tr code").all_inner_texts()
    assert len(set(edges)) == 3
    with installed.store.read() as uow:
        shown = uow.approvals.get(request_id)
    assert page.get_by_text(shown.shown_hash).count() == 1
    assert page.get_by_text(shown.plan_id).count() == 1
    head = page.locator(".so-review-page h2").first
    assert head.inner_text().startswith("WinterU+202EgnihtonU+200B <b>x</b>")  # C5: what would hide is written out
    page.locator(".so-shown summary").first.click()
    page.locator(".so-shown article pre").first.wait_for()
    assert page.locator(".so-shown article pre").first.inner_text()
    assert violations(page) == []
    approve = page.get_by_role("button", name="Approve", exact=True)
    approve.click()
    page.get_by_role("dialog").get_by_role("button", name="Approve", exact=True).dblclick()
    page.get_by_text("Approved by ava").wait_for(timeout=TURN_MS)
    with installed.store.read() as uow:
        assert uow.approvals.get(request_id).decided_by == "ava"
        events = [
            entry
            for entry in uow.audit.entries(limit=1_000)
            if entry.action == "approval.approve" and shown.plan_id in entry.subject
        ]
        assert len(events) == 1
        assert installed.audit_anchor.verify(uow.audit) >= len(events)
    assert served.broken == []


def test_s3_support_finds_a_person_and_stops_everything_and_sees_nothing_else(
    served: Served, page: "Page", installed: App, tmp_path: Path
) -> None:
    with installed.store.read() as uow:
        subject = uow.contacts.with_address(STOCKED, "email")[0]
        person = uow.identities.person_of(subject)
        address = uow.contacts.by_person(STOCKED, [person])[person].email
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.support)
    page.wait_for_url("**/ui/support")
    page.get_by_role("link", name="Support").wait_for()
    assert page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts() == ["Support"]
    page.goto(f"{served.address}/ui/approvals")
    page.get_by_role("heading", name="This page is for others").wait_for()
    assert violations(page) == []
    page.goto(f"{served.address}/ui/support")
    page.get_by_label("Exact e-mail address, phone number or order number").fill(address)
    page.keyboard.press("Enter")
    page.get_by_text(person).wait_for()
    assert address not in page.content()
    page.screenshot(path=str(tmp_path / "support.png"), full_page=True)
    assert violations(page) == []
    page.get_by_role("button", name="Stop everything").click()
    page.get_by_text("Everything but receipts is stopped.").wait_for()
    with installed.store.read() as uow:
        (state,) = uow.person_state.get(STOCKED, [person]).to_pylist()
    assert state["is_suppressed_email"]
    assert not state["consent_email"]
