"""The page of runs and the kill switch in a real browser: stop and go on, who may, focus, phone, axe."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from agent.dispatch import dispatch
from agent.runs import grant_autonomy, set_switch
from api.verbs import approvals, plans
from api.verbs.acting import Acting
from eval.gym.shop import demo_shop
from memory.domain.brief import Brief
from memory.domain.circuit import Circuit
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant, Principal, Role
from memory.domain.run import Run, RunStatus, Schedule
from memory.store.releases import ReleaseRow
from tests.api.ui.browsing import Served, open_signed_in, violations
from tests.api.ui.living import live_shop
from tests.factories.sends import a_send
from tests.factories.small_shop import ANCHOR_AT
from tools.channels.memory import MemorySender

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NORD = demo_shop().model_copy(update={"shop_id": "nord", "name": "Nord"})
NOON = ANCHOR_AT + timedelta(days=1, hours=6)
ROLES = ("marketer", "approver", "viewer", "admin")


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A second shop with a live plan whose first messages wait, and its people: max, ana, vic and ada."""
    people: dict[Role, str] = {"marketer": "max", "approver": "ana", "viewer": "vic", "admin": "ada"}
    found = live_shop(installed, tmp_path_factory.mktemp("nord"), NORD, people, exploration_rate=0.0)
    _seed(installed)
    return found


def of(app: App, name: str) -> Acting:
    with app.store.read() as uow:
        return Acting(app=app, principal=uow.principals.get(name), shop_id="nord")


def a_run(app: App, name: str, status: RunStatus, **more: object) -> Run:
    at = app.clock.now()
    values = {"id": name, "shop_id": "nord", "kind": "plan", "schedule_id": "s1", "slot": name, "slot_at": at,
              "status": status, "started_at": at} | more  # fmt: skip
    return Run.model_validate(values)


def _seed(app: App) -> None:
    """A schedule, runs of every status, a request that waits, a release that harm stopped, a grant, an open circuit."""
    acting, at = of(app, "max"), app.clock.now()
    outcome, _ = plans.draft(acting, Brief(excluded_kinds=("care_guide",)))
    assert outcome.kind == "drafted"
    request = approvals.request(acting, outcome.stored.plan.id)
    grant_autonomy(app.store, app.clock, of(app, "ana").principal, "nord", "plan_live", 1, at + timedelta(days=30))
    release = ReleaseRow(
        plan_id=request.plan_id, shop_id="nord", stage=1, share_rate=0.1, entered_at=at, advance_at=at,
        status="stopped",
        reason="complaint 4 of 60 (6.7%, at least 2.6%) is above 0.3%",
    )  # fmt: skip
    with app.store.unit_of_work() as uow:
        uow.runs.schedule(
            Schedule(id="s1", shop_id="nord", kind="plan", every="week", weekday=0, local_minute=360,
                     zone=NORD.zone, created_by="max", created_at=at)
        )  # fmt: skip
        for run in (
            a_run(app, "r1", "running"),
            a_run(app, "r2", "waiting", reason="above_autonomy", approval_id=request.id, plan_id=request.plan_id,
                  message="nobody granted autonomy for it"),
            a_run(app, "r3", "stopped", reason="llm_unavailable", message="The endpoint does not answer.", ended_at=at),
            a_run(app, "r4", "finished", kind="tick", schedule_id="", message="3 decisions", ended_at=at),
        ):  # fmt: skip
            assert uow.runs.fire(run)
        uow.session.add(release)
        uow.circuits.put("nord", "email", "mailbox", Circuit().failed("timeout <b>", at, opens_after=1), at)


def opened(page: "Page", served: Served, token: str, part: str = "runs") -> None:
    """Sign in and open a part of the page."""
    open_signed_in(page, served, token, f"/ui/runs?part={part}")
    page.wait_for_function("document.querySelector('.so-runs') && !document.querySelector('.so-loading')")
    if part == "runs":
        page.get_by_role("heading", name="Waits for a person").wait_for()


def is_stopped(app: App) -> bool:
    with app.store.read() as uow:
        return uow.switches.is_stopped("nord")


def handed_off(app: App) -> int:
    """Let a worker hand off some of what is due on the plan's second day; give how many messages left.

    Those whose people sleep at that hour are looked at first and wait.
    """
    sender, clock = MemorySender(app.clock), ManualClock(NOON)
    for _ in range(30):
        report = dispatch(app.store, {"email": sender}, clock, app.key, "nord", limit=2)
        if report.n_sent or not report.held:
            return report.n_sent
    return 0


def turn(page: "Page", name: str, reason: str) -> None:
    """Press the switch, say why and confirm, by keyboard alone."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('[role=dialog] input')")  # the focus went in
    page.keyboard.type(reason)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_one_switch_stops_everything_at_once_and_the_way_on_is_on_every_page(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    assert handed_off(installed) > 0  # without a stop messages leave
    opened(page, served, tokens["marketer"])
    assert violations(page) == []
    page.get_by_role("button", name="Stop all sending").click()
    page.get_by_role("dialog", name="Stop all sending?").get_by_text("nothing is lost or sent twice").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert not is_stopped(installed)  # nothing happens without an answer
    turn(page, "Stop all sending", "drill <b>")
    page.get_by_role("status").filter(has_text="Sending is stopped in this shop since").wait_for()
    assert is_stopped(installed)
    assert handed_off(installed) == 0
    state = page.get_by_role("region", name="Kill switch").get_by_role("status")
    assert "2025-12-02 08:00 by max. Why: drill <b>" in state.inner_text()
    page.wait_for_function("document.activeElement.id === 'so-stop-button'")  # the focus is where it was
    assert violations(page) == []
    for address in ("/ui/", "/ui/approvals"):
        page.goto(f"{served.address}{address}")
        page.get_by_role("status").filter(has_text="Sending is stopped in this shop since").wait_for()
    turn(page, "Let sending go on", "")
    page.get_by_role("status").filter(has_text="Sending is on.").wait_for()
    assert handed_off(installed) > 0
    with installed.store.read() as uow:
        said = [(entry.actor, entry.action) for entry in uow.audit.entries(limit=1_000) if "switch" in entry.action]
    assert said == [("max", "switch.stop"), ("max", "switch.go")]
    assert served.broken == []


def test_a_stop_set_elsewhere_shows_within_seconds_and_whoever_may_not_turn_it_has_no_button(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["viewer"])
    bar = page.get_by_role("region", name="Kill switch")
    assert bar.get_by_role("button").count() == 0
    assert page.get_by_role("button", name="Stop this run").count() == 0
    set_switch(installed.store, installed.clock, of(installed, "ada").principal, "*", is_stopped=True, reason="audit")
    bar.get_by_text("Sending is stopped in every shop").wait_for(timeout=6_000)
    assert "An admin lets it go on." in bar.inner_text()
    opened(page, served, tokens["marketer"])  # an everywhere stop is an admin's to release
    assert page.get_by_role("region", name="Kill switch").get_by_role("button").count() == 0
    opened(page, served, tokens["admin"])
    turn(page, "Let sending go on", "")
    page.get_by_role("status").filter(has_text="Sending is on.").wait_for()
    assert not is_stopped(installed)


def test_the_page_says_what_each_waits_for_and_what_to_do_and_keeps_the_focus_when_it_looks_again(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    text = page.locator(".so-runs").inner_text()
    for said in (
        "then it goes live or ends", "The language model does not answer.", "Remedy: Check the endpoint",
        "Next time: 2025-12-08 06:00.", "paused after failures", "last failure: timeout <b>", "granted by ana on",
        "Stopped by harm", "complaint 4 of 60",
    ):  # fmt: skip
        assert said in text, said
    link = page.get_by_role("link", name="Look and decide")
    link.focus()
    before = page.evaluate("document.activeElement.id")
    plan = a_second_request(installed)
    page.get_by_role("heading", name=f"Approval of plan {plan[:12]}").wait_for(timeout=10_000)
    assert before
    page.wait_for_function("id => document.activeElement.id === id", arg=before)
    page.get_by_role("button", name="Stop this run").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Stop this run").click()
    page.get_by_text("A person stopped it.").wait_for()
    page.get_by_role("button", name="中文").click()
    page.get_by_role("heading", name="等待人工决定").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    page.get_by_role("link", name="查看并决定").first.click()
    page.wait_for_url("**/ui/approvals?request=*")
    page.get_by_role("heading", name="每条消息的原文").wait_for(timeout=60_000)
    assert served.outside == []
    assert served.broken == []


def heard(page: "Page") -> None:
    """Close what the page said: while it comes and goes it is see-through."""
    page.locator(".q-notification").get_by_role("button", name="OK").first.click()
    page.locator(".q-notification").first.wait_for(state="detached")


def a_second_request(app: App) -> str:
    """Another request by max; gives its plan."""
    acting = of(app, "max")
    outcome, _ = plans.draft(acting, Brief(excluded_kinds=("care_guide", "review_invitation")))
    assert outcome.kind == "drafted"
    return approvals.request(acting, outcome.stored.plan.id).plan_id


def test_who_may_sets_schedules_up_and_takes_them_away_and_approvers_grant_autonomy(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    assert page.get_by_text("Grant autonomy").count() == 0  # that is an approver's
    page.get_by_text("Add a schedule").first.click()
    page.get_by_label("At (local time of the shop)").fill("07:30")
    page.get_by_role("button", name="Add a schedule").click()
    card = page.locator("article").filter(has_text="every week Monday 07:30")
    card.wait_for(timeout=10_000)
    heard(page)
    assert violations(page) == []
    card.get_by_role("button", name="Remove this schedule").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove this schedule").click()
    card.wait_for(state="detached", timeout=10_000)
    opened(page, served, tokens["approver"])
    assert page.get_by_text("Add a schedule").count() == 0
    page.get_by_text("Grant autonomy").first.click()
    page.get_by_label("For what").click()
    page.get_by_role("option", name="Let releases reach more people").click()
    page.get_by_label("Why (without personal data)").fill("trial <b>")
    page.get_by_role("button", name="Grant autonomy").click()
    card = page.locator("article").filter(has_text="trial <b>")
    card.wait_for(timeout=10_000)
    heard(page)
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    card.get_by_role("button", name="Take this grant back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take this grant back").click()
    card.wait_for(state="detached", timeout=10_000)
    with installed.store.read() as uow:
        (kept,) = (one for one in uow.autonomy.all("nord") if one.note)
    assert (kept.granted_by, kept.revoked_by, kept.level) == ("ana", "ana", 1)
    assert served.broken == []


def test_a2_an_unknown_message_is_settled_with_a_note_and_leaves_the_list(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    with installed.store.unit_of_work() as uow:
        for key in ("lost-1", "lost-2"):
            a_send(uow, "nord", key, "p", "email", installed.clock.now(), state="unknown", reason="lease_lapsed")
    opened(page, served, tokens["viewer"], "sends")
    page.get_by_role("heading", name="Messages nobody can say have left: 2").wait_for()
    assert page.get_by_role("button", name="It left").count() == 0
    opened(page, served, tokens["marketer"], "sends")
    assert violations(page) == []
    page.locator("article").filter(has_text="lost-1").get_by_role("button", name="It did not leave").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("They are not sent again by this").wait_for()
    dialog.get_by_label("How you know").fill("not in the list of the provider")
    dialog.get_by_role("button", name="It did not leave").click()
    page.get_by_role("heading", name="Messages nobody can say have left: 1").wait_for(timeout=10_000)
    page.wait_for_function("document.activeElement.id === 'so-unknown'")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    with installed.store.read() as uow:
        row = uow.outbox.get("lost-1")
        assert row is not None and (row.state, row.reason) == ("failed", "settled_not_sent")
        (said,) = (one for one in uow.audit.entries(limit=1_000) if one.action == "send.settle")
    assert (said.actor, said.detail["note"]) == ("max", "not in the list of the provider")
    assert served.broken == [] and served.outside == []


def test_the_record_is_read_by_admins_of_every_shop_and_checked_by_anybody(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    with installed.store.read() as uow:
        shops = [one.shop_id for one in uow.shops.all()]
    grants = tuple(Grant(shop_id=shop_id, role="admin") for shop_id in shops)
    at = installed.clock.now()
    with installed.store.unit_of_work() as uow:
        uow.principals.add(Principal(id="orla", name="orla", grants=grants), at)
        token = uow.principals.create_token("orla", at + timedelta(days=30), at=at)
    opened(page, served, tokens["viewer"], "audit")
    page.get_by_text("only an admin of every shop reads it").wait_for()
    page.get_by_role("button", name="Check the record").click()
    page.get_by_text("the chain holds").wait_for(timeout=10_000)
    opened(page, served, token, "audit")
    page.get_by_label("What begins with").fill("sign_in")
    page.keyboard.press("Enter")
    page.wait_for_url("**what=sign_in**")
    region = page.get_by_role("region", name="Entries, newest first")
    region.wait_for()
    shown = region.locator("tbody td:nth-child(4)").all_inner_texts()
    assert shown and all(one.startswith("sign_in") for one in shown)
    assert violations(page) == []
