"""The page of results in a real browser: review, brief and hindsight by session, by role, by keyboard, in Chinese."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from agent.tick import go_live, tick
from api.verbs import plans
from api.verbs.acting import Acting
from eval.gym.shop import demo_shop
from memory.domain.brief import Brief
from tests.api.conftest import GUARDRAILS, token_of
from tests.api.ui.browsing import TURN_MS, Served, sign_in, violations
from tests.factories.doing import approved
from tests.factories.small_shop import small_shop
from tools.ingest import import_file

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WEST = demo_shop().model_copy(update={"shop_id": "west", "name": "West"})


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop with a plan that is live, and its people: a marketer and an evaluator."""
    app, at = installed, installed.clock.now()
    with app.store.unit_of_work() as uow:
        uow.shops.add(WEST)
        uow.guardrails.put("west", GUARDRAILS, "wim", at)
        for channel in ("email", "sms", "push"):
            uow.consents.declare_no_suppressions("west", channel, "wim", at)
    for kind, path in small_shop(tmp_path_factory.mktemp("west"), n=150).files:
        import_file(app.store, app.lake, "west", kind, path, clock=app.clock, key=app.key, principal_id="wim")
    found = {
        role: token_of(app, name, role, shop_id="west")["Authorization"].removeprefix("Bearer ")  # type: ignore[arg-type]
        for role, name in (("marketer", "wim"), ("evaluator", "eva"))
    }
    with app.store.read() as uow:
        acting = Acting(app=app, principal=uow.principals.get("wim"), shop_id="west")
    outcome, _ = plans.draft(acting, Brief())
    assert outcome.kind == "drafted"
    plan = outcome.stored.plan
    with app.store.unit_of_work() as uow:
        uow.approvals.add(approved(plan, at).approval.model_copy(update={"decided_by": "wes"}))
        uow.plans.set_status(plan.id, "approved")
    go_live(app.store, app.lake, app.clock, app.key, approved(plan, at), is_staged=False)
    tick(app.store, app.lake, app.clock, app.key, "west", at, seed=1, slot=timedelta(days=2), exploration_rate=0.3)
    return found


def opened(page: "Page", served: Served, token: str) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}/ui/results")
    page.get_by_role("heading", name="Review").wait_for()


def test_an_evaluator_reads_review_brief_and_hindsight_by_keyboard_and_session(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["evaluator"])
    page.get_by_text("Proposal: continue.").wait_for(timeout=TURN_MS)
    page.get_by_role("heading", name="What it gained").wait_for(timeout=TURN_MS)
    page.get_by_role("region", name="What messages met with").get_by_role("rowheader", name="All people").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Work it out").focus()
    page.keyboard.press("Enter")
    answers = page.get_by_role("region", name="Hindsight").get_by_role("table", name="Ways to decide")
    answers.wait_for(timeout=TURN_MS)
    assert answers.get_by_role("rowheader").count() == 5
    assert answers.get_by_role("rowheader", name="Nobody gets a message").is_visible()
    assert violations(page) == []
    assert served.broken == [] and served.outside == []


def test_in_chinese_on_a_phone_all_is_chinese_and_nothing_is_cut(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["evaluator"])
    page.get_by_role("button", name="中文").click()
    page.get_by_text("建议：继续。").wait_for(timeout=TURN_MS)
    page.get_by_role("button", name="开始计算").click()
    page.get_by_role("rowheader", name="不给任何人发消息").wait_for(timeout=TURN_MS)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_whoever_may_not_evaluate_reads_the_review_and_is_told_who_may_ask_for_hindsight(
    served: Served, page: "Page", tokens: dict[str, str]
) -> None:
    opened(page, served, tokens["marketer"])
    page.get_by_text("Proposal: continue.").wait_for(timeout=TURN_MS)
    page.get_by_text("Only evaluators and admins").wait_for()
    assert page.get_by_role("button", name="Work it out").count() == 0


def test_a_shop_without_a_live_plan_says_so(served: Served, page: "Page", tokens: dict[str, str]) -> None:
    page.goto(f"{served.address}/sign-in")
    sign_in(page, served.token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}/ui/results")
    page.get_by_role("status").filter(has_text="No plan has gone live yet.").wait_for()
    assert violations(page) == []
