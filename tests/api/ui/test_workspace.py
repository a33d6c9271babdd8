"""The workspace in a real browser: sign in, chat, see the plan and its diff; keyboard, phone, accessibility."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from tests.api.conftest import STOCKED, token_of
from tests.factories.small_shop import ANCHOR_AT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TURN_MS = 180_000


@dataclass
class Served:
    """A workspace that runs, and a token for it."""

    address: str
    token: str
    outside: list[str] = field(default_factory=list)
    """Requests that left this server."""
    broken: list[str] = field(default_factory=list)
    """Errors of the page."""


@pytest.fixture(scope="module")
def installation(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The workspace's framework keeps its pages per process, so this module serves one installation."""
    home = shutil.copytree(stocked_home, tmp_path_factory.mktemp("workspace") / "home")
    app = assemble(load_settings(home=home), ManualClock(ANCHOR_AT))
    yield app
    app.close()


@pytest.fixture(scope="module")
def served(installation: App) -> Iterator[Served]:
    import uvicorn

    from api.http.app import create_api

    token = token_of(installation, "mia", "marketer", shop_id=STOCKED)["Authorization"].removeprefix("Bearer ")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api = create_api(installation, workspace=True)
    server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(600):
        if server.started:
            break
        time.sleep(0.1)
    yield Served(f"http://127.0.0.1:{port}", token)
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def page(served: Served) -> Iterator["Page"]:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda sent: served.outside.append(sent.url) if _is_outside(sent.url) else None)
        page.on("pageerror", lambda error: served.broken.append(str(error)))
        yield page
        browser.close()


def _is_outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def _violations(page: "Page") -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:100] for node in one['nodes'][:2]]}" for one in found]


def _sign_in(page: "Page", token: str) -> None:
    page.get_by_text("With an access token").click()
    page.get_by_label("Access token").fill(token)
    page.keyboard.press("Enter")


def _say(page: "Page", label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    page.locator(".so-busy").wait_for(state="attached")
    page.locator(".so-busy").wait_for(state="detached", timeout=TURN_MS)


def test_dc_07_a_marketer_signs_in_chats_and_sees_the_plan_and_its_diff_beside_it(served: Served, page: "Page") -> None:
    page.goto(f"{served.address}/")
    page.wait_for_url("**/sign-in")
    _sign_in(page, "so_wrong")
    page.get_by_role("alert").filter(has_text="not valid").wait_for()
    assert _violations(page) == []
    _sign_in(page, served.token)
    page.get_by_role("heading", name="No plan yet").wait_for()
    assert served.token not in page.content()

    _say(page, "What should the plan do?", "draft the plan")
    page.get_by_role("heading", name="Ninety days, four cohorts").wait_for()
    assert page.locator(".so-step").count() > 40
    _say(page, "What should the plan do?", "no SMS in Germany, leave out the care guide")
    page.get_by_role("heading", name="What changed").wait_for()
    assert page.locator(".so-changes li").count() > 0
    assert _violations(page) == []

    page.get_by_role("button", name="中文").click()
    page.get_by_role("heading", name="九十天，四类人群").wait_for()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    assert page.locator(".so-say.you").count() == 2  # what was said is still there
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="方案", exact=True).click()
    page.get_by_role("heading", name="九十天，四类人群").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert _violations(page) == []
    assert served.outside == []
    assert served.broken == []


def test_d2_the_workspace_shows_nothing_without_a_token_and_forgets_it_on_sign_out(
    served: Served, page: "Page"
) -> None:
    page.goto(f"{served.address}/ui/")
    page.wait_for_url("**/sign-in")
    _sign_in(page, served.token)
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
