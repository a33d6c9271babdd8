"""Support in a real browser: found by order number, answered in the customer's language, stopped; no address."""

from typing import TYPE_CHECKING

import pytest

from tests.api.conftest import STOCKED
from tests.api.ui.browsing import TURN_MS, Served, sign_in, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from agent.assembly import App

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_support_finds_by_order_number_answers_and_stops_everything(
    served: Served, page: "Page", installed: "App"
) -> None:
    with installed.store.read() as uow:
        tables = uow.versions.latest().tables
    with installed.lake.open(tables, [STOCKED]) as view:
        orders = view.table("orders")
        row = orders.filter(orders.person_id.notnull()).order_by("order_ref").limit(1).to_pyarrow().to_pylist()[0]
    with installed.store.read() as uow:
        address = uow.contacts.by_person(STOCKED, [row["person_id"]])[row["person_id"]].email
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.support)
    page.wait_for_url("**/ui/support")
    page.get_by_label("Exact e-mail address").fill(row["order_ref"])
    page.keyboard.press("Enter")
    page.get_by_text(row["person_id"]).wait_for(timeout=TURN_MS)
    text = page.get_by_label("The answer", exact=True)
    page.get_by_label("Language of the answer").click()
    page.get_by_role("option", name="German").click()
    page.wait_for_function(
        "[...document.querySelectorAll('textarea')].some((one) => one.value.includes('Nachrichten'))", timeout=TURN_MS
    )
    assert address not in page.content() and address not in text.input_value()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)  # colours change over a moment
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Stop everything").click()
    page.get_by_text("Everything but receipts is stopped.").wait_for(timeout=TURN_MS)
    assert served.broken == [] and served.outside == []
