"""The first run in a real browser: files dropped, tried and imported, limits saved; phone, both themes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from api.verbs import guardrails, imports
from api.verbs.acting import Acting
from memory.domain.principal import Grant, Principal
from tests.api.ui.browsing import Served, sign_in, violations
from tests.factories.shop import a_shop

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP = "fresh-start"
COSTS = b"sku,cost,currency\nA-1,5.00,EUR\nA-2,minus,EUR\n"


@pytest.fixture(scope="module")
def olga(installed: App) -> Iterator[tuple[Acting, str]]:
    """An admin of a shop of her own, where nothing is set up."""
    now, grant = installed.clock.now(), Grant(shop_id=SHOP, role="admin")
    with installed.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id=SHOP, postal_address=""))
        made = uow.principals.add(Principal(id="olga-start", name="Olga", grants=(grant,)), now)
        token = uow.principals.create_token("olga-start", now + timedelta(days=1), at=now)
    yield Acting(app=installed, principal=made, shop_id=SHOP), token


def _file(name: str, content: bytes) -> "FilePayload":
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def test_files_are_dropped_tried_and_imported_and_the_same_again_changes_nothing(
    served: Served, page: "Page", olga: tuple[Acting, str]
) -> None:
    acting, token = olga
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/")
    page.goto(f"{served.address}/ui/start")
    page.get_by_role("heading", name="Files", exact=True).wait_for()
    page.get_by_text("elements of a plan work as they are").wait_for()
    files = page.locator("input[type=file]")
    files.set_input_files([_file("costs.csv", COSTS), _file("notes.txt", b"hello")])
    page.get_by_text("Importing it adds or changes 1 facts").wait_for()
    page.get_by_text("cannot be told from its beginning").wait_for()
    assert imports.done(acting) == ()
    page.get_by_text("Rows that cannot be read").click()
    assert page.get_by_role("row", name="3").count() == 1
    page.get_by_role("button", name="Remove: notes.txt").click()
    page.get_by_role("button", name="Import 1 files").click()
    page.get_by_text("Imported: 1 facts").wait_for()
    page.get_by_text("What came in").wait_for()
    assert [(one.kind, one.n_rejected) for one in imports.done(acting)] == [("costs", 1)]
    assert violations(page) == []
    files.set_input_files([_file("costs.csv", COSTS)])
    page.get_by_text("it changes nothing").wait_for()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    assert served.broken == []
    assert served.outside == []


def test_market_and_limits_are_saved_and_the_steps_show_it(
    served: Served, page: "Page", olga: tuple[Acting, str]
) -> None:
    acting, token = olga
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/")
    page.goto(f"{served.address}/ui/start?step=market")
    page.get_by_label("Sender address").fill("hello@fresh.shop")
    page.get_by_label("Postal address").fill("Fresh, Weg 1, Kiel")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()
    assert (acting.shop().sender_email, acting.shop().postal_address) == ("hello@fresh.shop", "Fresh, Weg 1, Kiel")
    page.goto(f"{served.address}/ui/start?step=guardrails")
    page.get_by_label("Smallest control group").fill("12")
    page.get_by_role("button", name="Save these limits").click()
    page.get_by_text("The limits are in force").wait_for()
    assert guardrails.show(acting).guardrails.min_holdout_rate == pytest.approx(0.12)
    page.goto(f"{served.address}/ui/start?step=connect")
    page.get_by_text("SECONDORDER_SMTP_URL").wait_for()
    page.get_by_label("Your own address").fill("me@fresh.shop")
    page.get_by_role("button", name="Send a test: E-mail").click()
    page.get_by_text("Accepted; look for it").wait_for()
    assert violations(page) == []
    page.goto(f"{served.address}/ui/start?step=done")
    assert page.get_by_role("link", name="2. Market and brand ✓ done").count() == 1
    assert page.get_by_role("link", name="3. Guardrails ✓ done").count() == 1
    assert violations(page) == []
    assert served.broken == []
