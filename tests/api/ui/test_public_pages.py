"""The preference centre and unsubscribe page in a real browser, without JavaScript: desktop, phone, keyboard, axe."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from tests.api.conftest import SHOP
from tests.api.serving import serving
from tests.api.ui.browsing import violations
from tests.factories.imports import Intaker
from tests.factories.person_state import person_state
from tests.factories.shop import a_shop
from tests.factories.small_shop import ANCHOR_AT
from tests.factories.traces import EMAIL, import_all
from tools.links.preferences import OwnPage, page_token
from tools.links.unsubscribe import token

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = ("en", "de", "fr", "es", "ja", "zh")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("pages")
    made = assemble(load_settings(home=folder / "home"), ManualClock(ANCHOR_AT))
    with made.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    (folder / "files").mkdir()
    clock: Any = made.clock
    import_all(Intaker(made.store, made.lake, a_shop(), clock, made.key, folder / "files"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(app: App) -> Iterator[str]:
    from api.http.app import create_api

    with serving(create_api(app)) as found:
        yield found


def person(app: App) -> str:
    from agent.rights import find_person

    with app.store.read() as uow:
        return find_person(uow, app.key, SHOP, EMAIL)


def link(app: App) -> str:
    return "/preferences/" + page_token(
        app.key, "preferences", OwnPage(shop_id=SHOP, person_id=person(app), channel="email")
    )


def speak(app: App, language: str) -> None:
    with app.store.unit_of_work() as uow:
        uow.person_state.upsert(SHOP, person_state(person(app), language=language, consent_email=True))


@pytest.mark.parametrize(
    "language", [pytest.param(each, marks=() if each in ("en", "zh") else pytest.mark.long) for each in LANGUAGES]
)
def test_the_pages_are_accessible_in_every_language_on_desktop_and_phone(
    app: App, address: str, browser: "Browser", language: str
) -> None:
    speak(app, language)
    pages = {"preferences": link(app), "unsubscribe": "/u/" + token(app.key, SHOP, person(app), "email")}
    for name, size in (("desktop", (1280, 900)), ("phone", (390, 844))):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
        view = context.new_page()
        for path in pages.values():
            view.goto(address + path)
            assert view.locator("html").get_attribute("lang") == language
            assert violations(view) == [], (name, path)
            assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        context.close()


def test_s2_63_a_person_saves_with_the_keyboard_and_without_javascript(
    app: App, address: str, browser: "Browser"
) -> None:
    speak(app, "en")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    view = context.new_page()
    view.goto(address + link(app))
    view.get_by_label("Fewer messages").focus()
    view.keyboard.press("Space")
    view.get_by_label("Offers and extras").focus()
    view.keyboard.press("Space")
    view.get_by_label("Take a break").select_option("14")
    view.get_by_role("button", name="Save").focus()
    view.keyboard.press("Enter")
    view.get_by_role("status").filter(has_text="Saved").wait_for()
    with app.store.read() as uow:
        chosen = uow.preferences.of(SHOP, person(app))
    assert (chosen.frequency, chosen.topics_off) == ("fewer", ("offers",))
    assert chosen.paused_until is not None
    assert context.cookies() == []
    context.close()
