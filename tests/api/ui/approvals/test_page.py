"""Approvals in a real browser: a reader reads, an approver sends back, the marketer asks again, a deputy approves."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agent.approval import pass_on
from agent.assembly import App
from api.verbs import approval_rules, approvals, plans
from api.verbs.acting import Acting
from eval.gym.shop import demo_shop
from memory.domain.approval_rules import Deputy, MailTo, MarketReader
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.principal import Role
from tests.api.ui.browsing import Served, sign_in, violations
from tests.api.ui.living import live_shop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OST = demo_shop().model_copy(update={"shop_id": "ost", "name": "Ost"})
PEOPLE: dict[Role, str] = {"marketer": "mel", "approver": "art", "viewer": "val", "admin": "ann"}
SLOW_MS = 120_000


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop of its own with a request, whose Japanese texts have to be read by the viewer, who is a deputy, too."""
    found = live_shop(installed, tmp_path_factory.mktemp("ost"), OST, PEOPLE, exploration_rate=0.0)
    outcome, _ = plans.draft(of(installed, "mel"), Brief(excluded_kinds=("care_guide",)))
    assert outcome.kind == "drafted"
    plan = outcome.stored.plan
    admin = of(installed, "ann")
    approval_rules.set_mail(admin, MailTo(principal="val", address="val@ost.example.invalid"))
    approval_rules.set_deputy(admin, Deputy(approver="art", deputy="val", after_hours=8))
    reader = MarketReader(market=plan.markets[0], language=plan.languages[0], readers=("val",))
    approval_rules.set_reader(admin, reader)
    request = approvals.request(of(installed, "mel"), plan.id)
    return {**found, "request": request.id, "plan": plan.id, "market": reader.market}


def of(app: App, name: str) -> Acting:
    with app.store.read() as uow:
        return Acting(app=app, principal=uow.principals.get(name), shop_id="ost")


def enter(page: "Page", served: Served, token: str, path: str) -> None:
    """Follow a link as a mail has it: sign in, and come out where the link leads."""
    page.goto(f"{served.address}{path}")
    sign_in(page, token)
    page.wait_for_url(f"**{path}")
    page.locator("[aria-busy=true]").first.wait_for(state="detached", timeout=SLOW_MS)


def settled(page: "Page") -> None:
    page.wait_for_function("document.querySelectorAll('[aria-busy=true]').length === 0", timeout=SLOW_MS)


def both_themes(page: "Page", served: Served) -> None:
    settled(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(400)
        assert violations(page) == [], scheme
    assert served.broken == []
    assert served.outside == []


def test_dc_08_a_reader_reads_an_approver_sends_back_and_a_deputy_approves_on_a_phone(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    address = f"/ui/approvals/{tokens['request']}"
    enter(page, served, tokens["viewer"], f"{address}?texts=en")
    page.get_by_role("button", name=f"I have read the texts for {tokens['market']}").click(timeout=SLOW_MS)
    page.get_by_text("Read by val").wait_for(timeout=SLOW_MS)
    both_themes(page, served)
    page.context.clear_cookies()

    enter(page, served, tokens["approver"], address)
    settled(page)
    page.get_by_text("Read by val").wait_for(timeout=SLOW_MS)
    page.get_by_role("button", name="Send back").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Say what should change").wait_for()
    page.get_by_label("What you want to say").fill("Less push in week one")
    page.get_by_role("button", name="Send back").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Send back").click()
    page.get_by_text("Sent back by art").wait_for(timeout=SLOW_MS)
    assert approvals.show(of(installed, "art"), tokens["request"]).status == "sent_back"
    page.context.clear_cookies()

    enter(page, served, tokens["marketer"], address)
    settled(page)
    page.get_by_text("Less push in week one").wait_for()
    page.get_by_role("button", name="Ask again as it is").click()
    page.wait_for_function(f"!location.pathname.endsWith('{tokens['request']}')", timeout=SLOW_MS)
    (again,) = approvals.waiting(of(installed, "mel"))
    page.context.clear_cookies()

    later = ManualClock(installed.clock.now() + timedelta(hours=8))  # the installation's own clock is shared
    assert [one.deputy for one in pass_on(installed.store, later)] == ["val"]
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, served, tokens["viewer"], f"/ui/approvals/{again.id}?view=summary")
    page.get_by_text("you decide in place of art").wait_for(timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    both_themes(page, served)
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    page.get_by_text("Approved by val").wait_for(timeout=SLOW_MS)
    done = approvals.show(of(installed, "val"), again.id)
    assert (done.status, done.decided_by, done.is_staged) == ("approved", "val", True)


def test_an_admin_names_whom_to_tell_and_takes_them_away(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    enter(page, served, tokens["admin"], "/ui/approvals?view=rules")
    settled(page)
    page.get_by_text("Add a bot").click()
    page.get_by_label("Name, such as team").fill("team")
    page.get_by_label("Vendor").click()
    page.get_by_role("option", name="WeCom").click()
    page.get_by_label("Address of the bot (webhook)").fill("https://example.com/hook?key=0123456789abcdef")
    both_themes(page, served)
    page.locator("#save-bot").click()
    page.get_by_text("it is none of wecom").wait_for(timeout=SLOW_MS)
    page.get_by_role("button", name="Take away val").click()
    page.get_by_role("dialog").get_by_role("button", name="Take away").click()
    page.get_by_text("nothing would tell them").wait_for(timeout=SLOW_MS)
    assert [one.principal for one in approval_rules.show(of(installed, "ann")).rules.mails] == ["val"]
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
