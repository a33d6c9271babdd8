"""Settings in a real browser: an admin adds somebody and gives a role; a token is shown once; others read."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.ui.browsing import Served, sign_in, violations
from tests.factories.shop import a_shop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP = "settings-shop"


@pytest.fixture(scope="module")
def token(installed: App) -> str:
    """An admin of a shop of her own."""
    now, grant = installed.clock.now(), Grant(shop_id=SHOP, role="admin")
    with installed.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id=SHOP))
        uow.principals.add(Principal(id="olga-settings", name="Olga", grants=(grant,)), now)
        return uow.principals.create_token("olga-settings", now + timedelta(days=1), at=now)


def test_an_admin_adds_somebody_and_makes_a_token(served: Served, page: "Page", installed: App, token: str) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/")
    page.goto(f"{served.address}/ui/settings?part=users")
    page.get_by_role("heading", name="Olga").wait_for()
    page.get_by_label("Sign-in name").fill("ben-settings")
    page.get_by_label("Name", exact=True).fill("Ben")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="Ben").wait_for()
    page.get_by_role("button", name="Take away: viewer, Ben").click()
    page.get_by_role("button", name="Cancel").click()
    assert violations(page) == []
    with installed.store.read() as uow:
        assert [one.role for one in uow.principals.get("ben-settings").grants] == ["viewer"]
    page.goto(f"{served.address}/ui/settings?part=tokens")
    page.get_by_role("button", name="Make token").click()
    shown = page.locator(".so-notice code")
    shown.wait_for()
    made = shown.inner_text()
    with installed.store.read() as uow:
        found = uow.principals.by_token(made, installed.clock.now())
    assert found is not None
    assert found.id == "olga-settings"
    page.reload()
    page.get_by_role("heading", name="Make a token").wait_for()
    assert made not in page.content()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    assert served.broken == []
    assert served.outside == []


def test_who_is_no_admin_reads_and_is_told_whom_to_ask(served: Served, page: "Page") -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.approver)
    page.wait_for_url("**/ui/")
    page.goto(f"{served.address}/ui/settings?part=users")
    page.get_by_role("heading", name="Administrators see who works here").wait_for()
    assert page.get_by_role("button", name="Add", exact=True).count() == 0
    page.goto(f"{served.address}/ui/settings?part=brand")
    page.get_by_text("Administrators of the shop change this.").wait_for()
    assert page.get_by_role("button", name="Save", exact=True).count() == 0
    page.goto(f"{served.address}/ui/settings?part=markets")
    page.get_by_text("home market").first.wait_for()
    page.goto(f"{served.address}/ui/start")
    page.get_by_role("heading", name="This page is for others").wait_for()
    assert violations(page) == []
    assert served.broken == []


def test_whoever_is_led_to_the_sign_in_page_from_inside_gets_there(served: Served, page: "Page") -> None:
    page.goto(f"{served.address}/ui/sign-in")
    page.get_by_text("With an access token").wait_for()
    assert page.url == f"{served.address}/sign-in"
