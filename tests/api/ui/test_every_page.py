"""Every page of the workspace in a real browser, in both themes: opens, passes axe, fits a phone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import pytest

from agent.assembly import App
from api.ui.shell.navigation import PAGES
from eval.gym.shop import demo_shop
from tests.api.ui.addresses import Address, addresses
from tests.api.ui.browsing import Served, is_outside, settled, sign_in, violations
from tests.api.ui.full_shop import FullShop, full_shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

EAST = demo_shop().model_copy(update={"shop_id": "east", "name": "East"})
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
by_name = pytest.mark.parametrize("address", addresses(), ids=lambda one: one.name)


class Looking(NamedTuple):
    """A tab of somebody who is signed in, and what it heard."""

    page: "Page"
    wrong: list[str]

    def opens(self, served: Served, path: str) -> "Page":
        """Open a page and forget what was heard before."""
        self.wrong.clear()
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")
        self.page.goto(served.address + path)
        settled(self.page)
        return self.page


def looking(browser: "Browser", served: Served, token: str) -> Looking:
    """Sign in with a tab of its own, which notes errors of pages and requests that leave this machine."""
    context = browser.new_context()
    found = Looking(context.new_page(), [])
    found.page.set_default_timeout(60_000)

    def note(request: "Request") -> None:
        if is_outside(request.url):
            found.wrong.append(request.url)

    found.page.on("request", note)
    found.page.on("pageerror", lambda error: found.wrong.append(str(error)))
    found.page.goto(f"{served.address}/sign-in")
    sign_in(found.page, token)
    found.page.wait_for_url("**/ui/**")
    return found


@pytest.fixture(scope="module")
def shop(installed: App, tmp_path_factory: pytest.TempPathFactory) -> FullShop:
    return full_shop(installed, tmp_path_factory.mktemp("east"), EAST)


@pytest.fixture(scope="module")
def admin(browser: "Browser", served: Served, shop: FullShop) -> Iterator[Looking]:
    """One tab for all pages."""
    tab = looking(browser, served, shop.tokens["admin"])
    yield tab
    tab.page.context.close()


@pytest.fixture(scope="module")
def outsiders(browser: "Browser", served: Served, shop: FullShop) -> Iterator[dict[str, Looking]]:
    """One tab per role that sees little."""
    tabs = {role: looking(browser, served, shop.tokens[role]) for role in ("viewer", "support")}
    yield tabs
    for tab in tabs.values():
        tab.page.context.close()


def test_the_rail_and_the_registered_addresses_agree() -> None:
    plain = {one.pattern: one.permission for one in addresses() if "{" not in one.pattern}
    assert {one.address: one.permission for one in PAGES}.items() <= plain.items()


@pytest.mark.browser
@pytest.mark.slow
@by_name
def test_a_page_opens_and_is_accessible_in_both_themes_and_asks_nothing_of_others_and_fits_a_phone(
    served: Served, shop: FullShop, admin: Looking, address: Address
) -> None:
    page = admin.opens(served, address.filled(shop.ids))
    assert page.locator("h2").first.is_visible()
    assert page.locator(".so-notice.so-wrong").count() == 0
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        assert violations(page) == [], theme
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert admin.wrong == []


@pytest.mark.browser
@pytest.mark.slow
@by_name
def test_a_page_tells_whoever_may_not_see_it_so(
    served: Served, shop: FullShop, outsiders: dict[str, Looking], address: Address
) -> None:
    tab = outsiders[address.outsider()]
    page = tab.opens(served, address.filled(shop.ids))
    if address.name == "home":  # nobody is met by a refusal: they are led to the first page that is theirs
        assert page.url.endswith("/ui/support")
    else:
        page.get_by_role("heading", name="This page is for others").wait_for()
        assert not any(one in page.content() for one in shop.ids.values() if one not in page.url)
    assert violations(page) == []
    assert tab.wrong == []
