"""One installation with its workspace, and a browser for each module."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from tests.api.conftest import STOCKED, token_of
from tests.api.serving import serving
from tests.api.ui.browsing import CHROMIUM, FLAGS, PEOPLE, Served, is_outside
from tests.factories.small_shop import ANCHOR_AT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def installed(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The workspace's framework keeps its pages per process, so all tests see one installation."""
    home = shutil.copytree(stocked_home, tmp_path_factory.mktemp("workspace") / "home")
    app = assemble(load_settings(home=home), ManualClock(ANCHOR_AT))
    yield app
    app.close()


@pytest.fixture(scope="session")
def served(installed: App) -> Iterator[Served]:
    from api.http.app import create_api

    tokens = [
        token_of(installed, name, role, shop_id=STOCKED)["Authorization"].removeprefix("Bearer ")
        for name, role in PEOPLE
    ]
    with serving(create_api(installed, workspace=True)) as address:
        mia, ava, sue = tokens
        yield Served(address, mia, ava, sue)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(served: Served, browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})  # nothing is shared: cookies are its own
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("request", lambda sent: served.outside.append(sent.url) if is_outside(sent.url) else None)
    page.on("pageerror", lambda error: served.broken.append(str(error)))
    yield page
    context.close()
