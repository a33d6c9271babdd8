"""The pages of plans in a real browser: from the list through words, edit and approval to a staged start; by role."""

from typing import TYPE_CHECKING

import pytest

from agent.assembly import App
from api.verbs import approvals, plans
from api.verbs.acting import Acting
from eval.gym.shop import demo_shop
from memory.domain.brief import Brief
from memory.domain.principal import Role
from tests.api.ui.browsing import TURN_MS, Served, open_signed_in, violations
from tests.api.ui.living import new_shop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SUED = demo_shop().model_copy(update={"shop_id": "sued", "name": "Sued"})
PEOPLE: dict[Role, str] = {"marketer": "olga", "approver": "otto", "viewer": "ona"}


@pytest.fixture(scope="module")
def tokens(installed: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A further shop without a plan, and its people."""
    return new_shop(installed, tmp_path_factory.mktemp("sued"), SUED, PEOPLE)


def of(app: App, name: str) -> Acting:
    with app.store.read() as uow:
        return Acting(app=app, principal=uow.principals.get(name), shop_id="sued")


def both_themes(page: "Page") -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.locator(f"html[data-theme={theme}]").wait_for()
        page.wait_for_timeout(400)  # colours glide
        assert violations(page) == []
    page.emulate_media(color_scheme="light")


def settled(page: "Page") -> None:
    """Wait until no part of the page is being read."""
    page.wait_for_function("!document.querySelector('[aria-busy=true]')", timeout=TURN_MS)


def test_a_marketer_reads_changes_submits_and_starts_a_plan(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    open_signed_in(page, served, tokens["marketer"], "/ui/plans")
    page.get_by_role("heading", name="No plan yet").wait_for()
    outcome, _ = plans.draft(of(installed, "olga"), Brief())
    assert outcome.kind == "drafted"
    page.reload()
    page.get_by_role("link", name="90 days from").click()
    page.get_by_role("heading", name="Ninety days, four cohorts").wait_for()
    settled(page)
    both_themes(page)

    page.get_by_role("link", name="Store credit").last.click()
    page.get_by_role("link", name="German").click()
    page.frame_locator('iframe[title*="German on desktop"]').get_by_text("[NAME]").wait_for(timeout=TURN_MS)
    page.get_by_role("heading", name="The same in English").first.wait_for()
    settled(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    both_themes(page)
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Control group (%)").fill("12")
    page.get_by_role("button", name="Look at the changes").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Control group: 5.0% becomes 12.0%").wait_for(timeout=TURN_MS)
    assert violations(page) == []
    page.get_by_role("button", name="Keep as a new draft").click()
    page.wait_for_url("**from=*", timeout=TURN_MS)
    page.get_by_role("heading", name="What changed").wait_for(timeout=TURN_MS)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export as YAML").click()
    assert "second-order/plan@1" in saved.value.path().read_text(encoding="utf-8")

    page.get_by_role("button", name="Ask for approval").click()
    page.get_by_role("link", name="Open the request for approval").wait_for(timeout=TURN_MS)
    (request,) = approvals.waiting(of(installed, "olga"))
    assert request.requested_by == "olga"
    approvals.decide(of(installed, "otto"), request.id, "approve")
    page.reload()
    page.get_by_role("button", name="Go live in stages").click()
    page.get_by_role("dialog").get_by_role("button", name="Go live in stages").click()
    page.get_by_text("Live", exact=True).wait_for(timeout=TURN_MS)
    assert {one.status for one in plans.list_plans(of(installed, "olga"))} == {"draft", "live"}
    assert served.broken == [] and served.outside == []


@pytest.mark.long  # a further language and width of what the others show
def test_who_may_only_read_sees_no_acts_and_every_part_says_what_it_is_in_chinese(
    served: Served, page: "Page", installed: App, tokens: dict[str, str]
) -> None:
    outcome, _ = plans.draft(of(installed, "olga"), Brief(excluded_kinds=("review_invitation",)))
    assert outcome.kind == "drafted"
    here = f"/ui/plans/{outcome.stored.plan.id}"
    open_signed_in(page, served, tokens["viewer"], f"{here}?part=edit")
    page.get_by_text("You may read this plan; a marketer changes it.").wait_for()
    assert page.get_by_role("button", name="Ask for approval").count() == 0
    page.get_by_role("button", name="中文").click()
    page.get_by_text("您可以查看此方案").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    for part in ("calendar", "offers", "money", "checks", "forecast"):
        page.goto(f"{served.address}{here}?part={part}&budget=50")
        page.locator(f".so-part-{part}").wait_for(timeout=TURN_MS)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []
    page.get_by_role("columnheader", name="所设限制").wait_for(timeout=TURN_MS)  # the address is the what-if
    page.goto(f"{served.address}/ui/plans/{'0' * 64}")
    page.get_by_role("status").filter(has_text="0000").wait_for()
    assert served.broken == [] and served.outside == []
