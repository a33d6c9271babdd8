"""People in a real browser: a rule by words and by form, saved; one person; export and erasure only for who may."""

from typing import TYPE_CHECKING

import pytest

from tests.api.conftest import STOCKED, token_of
from tests.api.ui.browsing import TURN_MS, Served, sign_in, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from agent.assembly import App

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _opened(page: "Page", served: Served, token: str, path: str) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}{path}")


def test_a_marketer_says_a_rule_sees_size_and_examples_and_keeps_it(served: Served, page: "Page") -> None:
    _opened(page, served, served.token, "/ui/people?view=build")
    phrase = page.get_by_label("Say who")
    phrase.fill("bought with love")
    page.keyboard.press("Enter")
    page.get_by_text("Not understood").wait_for(timeout=TURN_MS)
    phrase.fill("bought at least 1 times in the last 700 days and may be mailed")
    page.keyboard.press("Enter")
    page.get_by_text("Some of them").wait_for(timeout=TURN_MS)
    assert page.get_by_role("group", name="Condition 2").count() == 1
    assert "rule=" in page.url
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)  # colours change over a moment
    assert violations(page) == []
    page.get_by_label("Short name").fill("mailed-buyers")
    page.get_by_label("Title in English").fill("Mailed buyers")
    page.get_by_role("button", name="Save the segment").click()
    page.wait_for_url("**segment=mailed-buyers**", timeout=TURN_MS)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("Some of them").wait_for(timeout=TURN_MS)
    assert served.broken == [] and served.outside == []


def test_one_person_is_told_without_contact_data_and_rights_are_for_who_may(
    served: Served, page: "Page", installed: "App"
) -> None:
    with installed.store.read() as uow:
        subject = uow.contacts.with_address(STOCKED, "email")[0]
        person = uow.identities.person_of(subject)
        address = uow.contacts.by_person(STOCKED, [person])[person].email
    _opened(page, served, served.token, f"/ui/people/{person}")
    page.get_by_text("Order ").first.wait_for(timeout=TURN_MS)
    assert page.get_by_role("button", name="Erase this person").count() == 0
    assert violations(page) == []
    page.get_by_role("link", name="Consent", exact=True).click()
    page.get_by_role("columnheader", name="Source").wait_for(timeout=TURN_MS)
    assert violations(page) == []
    assert address not in page.content()
    page.goto(f"{served.address}/ui/people/p-nobody")
    page.get_by_text("There is nobody p-nobody in this shop").wait_for(timeout=TURN_MS)


def test_an_administrator_erases_a_person_after_the_question_and_with_a_reason(
    served: Served, page: "Page", installed: "App"
) -> None:
    token = token_of(installed, "adam", "admin", shop_id=STOCKED)["Authorization"].removeprefix("Bearer ")
    with installed.store.read() as uow:
        person = uow.identities.person_of(uow.contacts.with_address(STOCKED, "email")[-1])
    _opened(page, served, token, f"/ui/people/{person}?view=consent")
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_role("dialog").get_by_label("Why (needed)").fill("asked by letter")
    page.wait_for_timeout(500)  # the dialog fades in
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Erase this person").click()
    page.wait_for_url("**/ui/people", timeout=TURN_MS)
    with installed.store.read() as uow:
        assert uow.contacts.by_person(STOCKED, [person]) == {}
