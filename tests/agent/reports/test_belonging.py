"""S1-33: beside a random control where a plan has one, else beside people like them; the report says which."""

from datetime import timedelta

import pyarrow as pa
import pytest

from agent.planning import journeys
from agent.planning.catalogue import CATALOGUE
from agent.reports.belonging import Group, belonging_report
from memory.domain.outcome import NotEstimable
from memory.lake.lake import Lake
from memory.store.assignments import ARMS_SCHEMA
from memory.store.batches import LivePlan
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, a_plan
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.parts import hold_out
from tools.metrics.belonging import ReferralDifference
from tools.outcomes.window import outcome_window

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
PERIOD = (LIVE_AT - 60 * DAY, LIVE_AT - 30 * DAY)
NAMES = [f"p{number:03d}" for number in range(100)]


@pytest.fixture
def facts() -> Facts:
    """A hundred buyers; the first fifty are in the community, the first thirty recommended, and again later."""
    found = Facts()
    for number, name in enumerate(NAMES):
        found.order(name, LIVE_AT - 90 * DAY)
        if number < 50:
            joined = {"subject_id": name, "community_id": "c", "is_member": True}
            found.add("community_memberships", LIVE_AT - 50 * DAY, **joined)
        if number < 30:
            found.referral(name, f"f{number}", LIVE_AT - 20 * DAY)
            found.referral(name, f"g{number}", LIVE_AT + 30 * DAY)
    return found


def report(store: Store, lake: Lake, group: Group = "community", days: int = 300) -> ReferralDifference | NotEstimable:
    at = LIVE_AT + days * DAY
    found = belonging_report(store, lake, SHOP.shop_id, group, PERIOD, 30, at)
    is_random = isinstance(found.comparison, ReferralDifference) and found.comparison.kind == "randomised"
    assert (found.not_randomised is None) == is_random
    return found.comparison


def live_holdout(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live plan that withholds its invitation from every second of the buyers."""
    kept = tuple(
        each.model_copy(update={"days": {"first_time": 20}}) if each.id == "community_invitation" else each
        for each in CATALOGUE
        if each.flow is not None or each.id in ("community_invitation", "care_guide", "thank_you", "onboarding")
    )
    monkeypatch.setattr(journeys, "CATALOGUE", kept)
    plan = a_plan(SHOP)
    drawn = hold_out(store, plan, "step", "first_time.community_invitation").experiment_id(plan)
    rows = [
        {"person_id": name, "cohort": "first_time", "arm": "control" if number % 2 else "treated"}
        for number, name in enumerate(NAMES)
    ]
    with store.unit_of_work() as uow:
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=LIVE_AT, session_id="", status="live")
        uow.batches.go_live(LivePlan(plan_id=plan.id, shop_id=SHOP.shop_id, live_at=LIVE_AT, n_people=100))
        uow.assignments.put(SHOP.shop_id, drawn, pa.Table.from_pylist(rows, ARMS_SCHEMA))
    window = outcome_window(plan, LIVE_AT)
    assert window.starts_at <= LIVE_AT + 30 * DAY < window.ends_at < LIVE_AT + 300 * DAY


def test_s1_33_without_a_holdout_people_like_them_stand_beside_and_it_is_no_effect(
    store: Store, lake: Lake, facts: Facts
) -> None:
    settle(store, lake, facts, LIVE_AT)
    found = report(store, lake)
    assert isinstance(found, ReferralDifference)
    assert (found.kind, found.n, found.n_others, found.rate, found.others_rate) == ("matched", 50, 50, 0.6, 0.0)
    assert "not an effect" in found.label


def test_s1_33_a_holdout_of_the_invitation_is_read_instead(
    store: Store, lake: Lake, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(store, lake, facts, LIVE_AT)
    live_holdout(store, monkeypatch)
    found = report(store, lake)
    assert isinstance(found, ReferralDifference)
    assert (found.kind, found.n, found.n_others, found.rate, found.others_rate) == ("randomised", 50, 50, 0.3, 0.3)
    assert found.difference_pp.low < 0 < found.difference_pp.high
    early = report(store, lake, days=40)
    assert isinstance(early, ReferralDifference) and early.kind == "matched"


def test_s1_33_ambassadors_are_matched_from_the_day_they_said_yes(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, LIVE_AT)
    with store.unit_of_work() as uow:
        for name in NAMES[:40]:
            uow.ambassadors.propose(SHOP.shop_id, name, {name}, "mia", LIVE_AT - 59 * DAY)
            said_yes_at = LIVE_AT - (45 if name < "p035" else 5) * DAY
            uow.ambassadors.move(SHOP.shop_id, name, ("proposed",), "ambassador", accepted_at=said_yes_at)
    found = report(store, lake, "ambassadors")
    assert isinstance(found, ReferralDifference)
    assert (found.kind, found.n, found.n_others) == ("matched", 35, 65)
