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
from api.verbs import approvals, plans
from api.verbs.acting import Acting
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.message import MessageKind
from memory.domain.principal import Role
from tests.api.conftest import STOCKED, token_of
from tests.factories.small_shop import ANCHOR_AT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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
TURN_MS = 60_000
LEFT_OUT: tuple[MessageKind, ...] = ("category_series", "price_drop", "back_in_stock", "seasonal_reactivation")
PEOPLE: tuple[tuple[str, Role], ...] = (("mia", "marketer"), ("ava", "approver"), ("sue", "support"))


@dataclass
class Served:
    """A workspace that runs, and a token for it."""

    address: str
    token: str
    approver: str
    support: str
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

    tokens = [
        token_of(installation, name, role, shop_id=STOCKED)["Authorization"].removeprefix("Bearer ")
        for name, role in PEOPLE
    ]
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
    mia, ava, sue = tokens
    yield Served(f"http://127.0.0.1:{port}", mia, ava, sue)
    server.should_exit = True
    thread.join(20)


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
    page.on("request", lambda sent: served.outside.append(sent.url) if _is_outside(sent.url) else None)
    page.on("pageerror", lambda error: served.broken.append(str(error)))
    yield page
    context.close()


def _is_outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def _violations(page: "Page") -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[(node['html'][:90], node['failureSummary'][-150:]) for node in one['nodes'][:2]]}"
        for one in found
    ]


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


def _requested(installation: App) -> str:
    """A request of Mia's for a plan whose title hides letters; gives its id."""
    with installation.store.read() as uow:
        mia = uow.principals.get("mia")
    acting = Acting(app=installation, principal=mia, shop_id=STOCKED)
    outcome, _ = plans.draft(acting, Brief(excluded_kinds=LEFT_OUT))  # a shorter plan shows the same page sooner
    assert outcome.kind == "drafted"
    hostile = outcome.stored.plan.model_copy(update={"title": "Winter\u202egnihton\u200b <b>x</b>"})
    with installation.store.unit_of_work() as uow:
        uow.plans.put(hostile, "mia", (), installation.clock.now())
    return approvals.request(acting, hostile.id).id


def test_d1_the_approver_sees_every_word_and_the_decision_counts_once(
    served: Served, page: "Page", installation: App
) -> None:
    request_id = _requested(installation)
    page.goto(f"{served.address}/sign-in")
    _sign_in(page, served.approver)
    page.get_by_role("link", name="Approvals").click()
    page.get_by_role("button", name="mia").click()
    page.get_by_role("heading", name="Every message, word for word").wait_for()
    page.get_by_role("heading", name="Three people at the edges").wait_for()
    edges = page.locator(".so-edges tbody tr code").all_inner_texts()
    assert len(set(edges)) == 3
    with installation.store.read() as uow:
        shown = uow.approvals.get(request_id)
    assert page.get_by_text(shown.shown_hash).count() == 1
    assert page.get_by_text(shown.plan_id).count() == 1
    head = page.locator(".so-head h2")
    assert head.inner_text() == "WinterU+202EgnihtonU+200B <b>x</b>"  # C5: what would hide is written out
    page.locator(".so-shown summary").first.click()
    assert page.locator(".so-shown article pre").first.inner_text()
    assert _violations(page) == []
    approve = page.get_by_role("button", name="Approve", exact=True)
    approve.dblclick()
    page.get_by_role("status").filter(has_text="Approved").wait_for()
    with installation.store.read() as uow:
        assert uow.approvals.get(request_id).decided_by == "ava"
        events = [entry for entry in uow.audit.entries(limit=1_000) if entry.action == "approval.approve"]
        assert len(events) == 1
        assert installation.audit_anchor.verify(uow.audit) >= len(events)
    assert served.broken == []


def test_s3_support_finds_a_person_and_stops_everything_and_sees_nothing_else(
    served: Served, page: "Page", installation: App, tmp_path: Path
) -> None:
    with installation.store.read() as uow:
        subject = uow.contacts.with_email(STOCKED)[0]
        person = uow.identities.person_of(subject)
        address = uow.contacts.by_person(STOCKED, [person])[person].email
    page.goto(f"{served.address}/sign-in")
    _sign_in(page, served.support)
    page.wait_for_url("**/ui/support")
    assert page.get_by_role("link", name="Workspace").count() == 0
    page.goto(f"{served.address}/ui/approvals")
    page.wait_for_url("**/ui/support")
    page.get_by_label("Exact e-mail address or phone number").fill(address)
    page.keyboard.press("Enter")
    page.get_by_text(person).wait_for()
    assert address not in page.content()
    page.screenshot(path=str(tmp_path / "support.png"), full_page=True)
    assert _violations(page) == []
    page.get_by_role("button", name="Stop everything").click()
    page.get_by_text("Everything but receipts is stopped.").wait_for()
    with installation.store.read() as uow:
        (state,) = uow.person_state.get(STOCKED, [person]).to_pylist()
    assert state["is_suppressed_email"]
    assert not state["consent_email"]
