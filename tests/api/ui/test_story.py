"""The whole way in two browsers: files in, a plan by chat, a second person's approval, live, real mail, its result."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from agent.approval import approved_plan
from agent.assembly import App
from agent.dispatch import dispatch
from agent.reports.review_words import review_sentences
from agent.runs.releasing import review_releases
from agent.tick import go_live, tick
from api.ui.shell.words import UiLanguage, Words, words
from api.verbs import imports, plans, reports
from api.verbs.acting import Acting
from eval.gym.shop import demo_shop
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.domain.principal import Role
from tests.api.conftest import GUARDRAILS, token_of
from tests.api.ui.browsing import TURN_MS, Served, is_outside, say, settled, sign_in
from tests.factories.small_shop import small_shop
from tests.servers.journal import Journal
from tests.servers.mail import mail_server
from tools.channels.smtp import SmtpSender

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE: tuple[Role, ...] = ("marketer", "approver")
N_PEOPLE = 150
MOST_ACTS = 14
"""Clicks and pressed Enters of both people, from the first sign-in to the approved plan."""
STAGES_OVER = (timedelta(hours=12), timedelta(hours=36))
"""When the two stages of a release end: until then only a hundredth, and a tenth, of the people may be reached."""
NOON_AFTER = timedelta(days=2, hours=4)
COUNTING = """
const count = () => sessionStorage.setItem('acts', Number(sessionStorage.getItem('acts') || 0) + 1);
addEventListener('click', event => { if (event.isTrusted && event.detail > 0) count() }, true);
addEventListener('keydown', event => { if (event.key === 'Enter') count() }, true);
"""
"""An Enter that sends a form also clicks its button for the browser's sake; that click has no detail."""


class Cast(NamedTuple):
    """A shop before its first plan, and a tab per person."""

    app: App
    shop: Shop
    tabs: dict[Role, "Page"]
    tokens: dict[Role, str]
    wrong: list[str]

    def acting(self, role: Role) -> Acting:
        with self.app.store.read() as uow:
            return Acting(self.app, uow.principals.get(f"{self.shop.shop_id}-{role}"), self.shop.shop_id)

    def acts(self) -> int:
        """Clicks and Enters so far, once no page is on its way to another."""
        for tab in self.tabs.values():
            settled(tab)
        return sum(int(tab.evaluate("sessionStorage.getItem('acts')") or 0) for tab in self.tabs.values())


@pytest.fixture
def cast(request: pytest.FixtureRequest, installed: App, browser: "Browser", tmp_path: Path) -> Iterator[Cast]:
    """Two people of a new shop whose files were imported as the command does it."""
    language: str = request.param
    shop = demo_shop().model_copy(update={"shop_id": f"story-{language}", "name": f"Story {language}"})
    with installed.store.unit_of_work() as uow:
        uow.shops.add(shop)
    contexts = {role: browser.new_context(viewport={"width": 1440, "height": 900}) for role in PEOPLE}
    tokens = {
        role: token_of(installed, f"{shop.shop_id}-{role}", role, shop_id=shop.shop_id)["Authorization"].split()[1]
        for role in PEOPLE
    }
    found = Cast(installed, shop, {role: one.new_page() for role, one in contexts.items()}, tokens, [])
    marketer = found.acting("marketer")
    for kind, path in small_shop(tmp_path / "files", n=N_PEOPLE).files:
        imports.import_path(marketer, kind, path)
    for channel in ("email", "sms", "push"):
        imports.declare_no_suppressions(marketer, channel)
    with installed.store.unit_of_work() as uow:
        uow.guardrails.put(shop.shop_id, GUARDRAILS, marketer.principal.id, installed.clock.now())
    for tab in found.tabs.values():
        tab.add_init_script(COUNTING)
        tab.set_default_timeout(TURN_MS)
        tab.on("pageerror", lambda error: found.wrong.append(str(error)))
        tab.on("request", lambda sent: found.wrong.append(sent.url) if is_outside(sent.url) else None)
    yield found
    for one in contexts.values():
        one.close()


def enter(cast: Cast, served: Served, role: Role, language: UiLanguage) -> "Page":
    """Sign in, and change the language where it is another; gives the person's tab on their first page."""
    tab = cast.tabs[role]
    tab.goto(f"{served.address}/ui/")
    tab.wait_for_url("**/sign-in**")
    sign_in(tab, cast.tokens[role])
    tab.wait_for_url("**/ui/")
    settled(tab)
    if language == "zh":
        tab.get_by_role("button", name="中文").click()
        tab.wait_for_function("document.documentElement.lang === 'zh-CN'")
    return tab


def open_page(tab: "Page", name: str, told: Words) -> None:
    """Choose a page in the rail."""
    rail = tab.get_by_role("navigation", name=told("pages_label"))
    rail.get_by_role("link", name=told("pages", name)).click()
    tab.wait_for_url(f"**/ui/{name}")
    settled(tab)


def ask_for(tab: "Page", told: Words, wishes: list[str]) -> None:
    """Chat until a plan stands beside it, then ask for its approval."""
    open_page(tab, "chat", told)
    for wish in wishes:
        say(tab, told("ask"), wish)
    tab.locator(".so-step").first.wait_for()
    tab.get_by_role("button", name=told("request_approval")).click()
    tab.get_by_text(told("requested")).wait_for()


def approve(cast: Cast, tab: "Page", told: Words) -> str:
    """Open the request that waits and approve it as it is shown; gives the plan's id."""
    with cast.app.store.read() as uow:
        [waiting] = uow.approvals.waiting(cast.shop.shop_id)
    open_page(tab, "approvals", told)
    tab.locator(f'a[href*="/approvals/{waiting.id}"], .so-requests button').first.click()
    tab.get_by_text(told("approvals", "proof"), exact=True).click()
    tab.get_by_text(waiting.shown_hash).first.wait_for()
    name = told("decisions", "approve")
    tab.get_by_role("button", name=name, exact=True).click()
    tab.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()
    tab.locator(
        ".so-notice b", has_text=f"{cast.shop.shop_id}-approver"
    ).first.wait_for()  # who decided, once it counts
    with cast.app.store.read() as uow:
        found = uow.approvals.get(waiting.id)
    assert (found.status, found.decided_by) == ("approved", f"{cast.shop.shop_id}-approver")
    return found.plan_id


def run(cast: Cast, plan_id: str, folder: Path) -> list[bytes]:
    """Go live, decide two days, and hand off what is due once all may be reached; gives the mails a server took."""
    app, shop_id = cast.app, cast.shop.shop_id
    go_live(app.store, app.lake, app.clock, app.key, approved_plan(app.store, app.clock, plan_id))
    tick(app.store, app.lake, app.clock, app.key, shop_id, app.clock.now(), seed=1, slot=timedelta(days=2))
    for later in STAGES_OVER:
        review_releases(app.store, ManualClock(app.clock.now() + later), shop_id)
    noon = ManualClock(app.clock.now() + NOON_AFTER)
    with mail_server(Journal(folder / "journal")) as (mails, url):
        report = dispatch(app.store, {"email": SmtpSender(url, noon)}, noon, app.key, shop_id, lake=app.lake)
    assert report.n_sent == len(mails.taken) > 0, report
    return mails.taken


@pytest.mark.parametrize(
    ("cast", "language", "wishes"),
    [
        ("en", "en", ["draft the plan", "no SMS in Germany, leave out the care guide"]),
        ("zh", "zh", ["起草方案"]),
    ],
    indirect=["cast"],
    ids=["english", "chinese"],
)
def test_from_files_to_a_measured_plan_by_two_people(
    cast: Cast, served: Served, tmp_path: Path, language: UiLanguage, wishes: list[str]
) -> None:
    told = words(language)
    marketer = enter(cast, served, "marketer", language)
    ask_for(marketer, told, wishes)
    approver = enter(cast, served, "approver", language)
    plan_id = approve(cast, approver, told)
    for mail in run(cast, plan_id, tmp_path):
        assert b"List-Unsubscribe" in mail
        assert cast.shop.postal_address.split(",")[0].encode() in mail or b"base64" in mail
    assert plans.get(cast.acting("marketer"), plan_id).status == "live"
    n_acts = cast.acts()  # nobody touched a page since the approval
    print(f"clicks and Enters from sign-in to the approved plan: {n_acts}")
    assert 0 < n_acts <= MOST_ACTS

    marketer.goto(f"{served.address}/ui/results?plan={plan_id}&part=review")
    _title, proposal, lift, *_more = review_sentences(reports.review(cast.acting("marketer"), plan_id), language)
    for said in (proposal, lift):  # the lift, or why nobody can read it on the first day
        marketer.get_by_text(said).first.wait_for()
    assert cast.wrong == []
