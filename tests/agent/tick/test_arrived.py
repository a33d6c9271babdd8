"""Steps about a parcel wait for it: nobody is told how to use, or asked about, what is not there (S1-16, S1-17)."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.runs import amend, carry_over
from agent.tick import go_live, tick
from memory.domain.approval import PlanStatus
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.agent.runs.test_amending import changed
from tests.factories.approvals import MIA
from tests.factories.doing import LIVE_AT, ORDERED_AT, World, a_world, learn
from tests.factories.facts import Facts

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
DAY = timedelta(days=1)
GUIDE, REVIEW = "care_guide", "review_invitation"


class Living:
    """A live plan of forty first-time buyers, ticked day by day; three hundred older parcels taught the lane."""

    def __init__(self, folder: Path, *, scans: bool = True) -> None:
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world: World = a_world(self.store, self.lake, 40)
        facts = Facts()
        for number in range(300):
            at = ORDERED_AT - timedelta(days=90)
            ref = f"#old{number}"
            market = "DE" if number % 2 else "US"
            facts.order(f"old{number}", at, {}, shop_id="nord", order_ref=ref, market=market, fact_id=ref)
            if scans:
                facts.event(f"old{number}", at + timedelta(days=3), "delivery", shop_id="nord", order_ref=ref)
        learn(self.store, self.lake, facts, LIVE_AT)
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        with self.store.read() as uow:
            arms = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        self.treated = sorted(row["person_id"] for row in arms if row["arm"] == "treated")
        self.day = 0

    def know(self, *told: tuple[str, str, float, dict[str, Any]]) -> None:
        """Let (person, kind of event, days after live, values) become known."""
        facts = Facts()
        for person, kind, days, values in told:
            facts.event(person, LIVE_AT + days * DAY, kind, shop_id="nord", **values)
        learn(self.store, self.lake, facts, self.clock.now())

    def until(self, *days: int) -> None:
        """Tick once for all days up to each of these, counted from the live one."""
        for day in days:
            self.clock.set(LIVE_AT + self.day * DAY)
            slot = LIVE_AT.replace(hour=0) + self.day * DAY
            length = (day - self.day) * DAY
            tick(self.store, self.lake, self.clock, KEY, "nord", slot, seed=1, slot=length, exploration_rate=0)
            self.day = day

    def set_status(self, status: PlanStatus) -> None:
        with self.store.unit_of_work() as uow:
            uow.plans.set_status(self.world.plan.id, status)

    def amend(self) -> None:
        """Let another plan take over that differs in its last step alone."""
        old, now = self.world.plan, self.clock.now()
        last = max(old.steps(), key=lambda step: step.day).id
        new = changed(old, lambda step: step.id == last, local_minute=700)
        with self.store.unit_of_work() as uow:
            uow.plans.put(new, "mia", (), now)
        amend(self.store, self.clock, MIA, old.id, new.id)
        with self.store.unit_of_work() as uow:
            (asked,) = [one for one in uow.approvals.of_plan(new.id) if one.status == "waiting"]
            uow.approvals.move(asked.id, "waiting", "approved", by="ana", at=now)
            uow.plans.set_status(new.id, "approved")
        assert carry_over(self.store, self.lake, self.clock, KEY, "nord")
        self.world = replace(self.world, plan=new)

    def sent(self, kind: str) -> dict[str, date]:
        """Give who has a message of the kind, and its due day."""
        with self.store.read() as uow:
            rows = uow.outbox.table("nord", self.world.plan.id, ["person_id", "message_kind", "due_at"]).to_pylist()
        zone = ZoneInfo("UTC")
        mine = [row for row in rows if row["message_kind"] == kind]
        assert len(mine) == len({row["person_id"] for row in mine}), "nobody is told twice"
        return {row["person_id"]: datetime.fromtimestamp(row["due_at"] / 1e6, zone).date() for row in mine}

    def decided(self) -> Counter[tuple[str, str]]:
        with self.store.read() as uow:
            versions = uow.batches.lake_versions()
        with self.lake.open(versions) as view:
            rows = view.raw("decisions").to_pyarrow().to_pylist()
        return Counter((row["step_id"], row["person_id"]) for row in rows)

    def due(self, kind: str) -> int:
        """Give the day of the kind's step for first-time buyers, counted from the live one."""
        step = next(one for one in self.world.plan.steps() if one.id == f"first_time.{kind}")
        return (step.due_on - LIVE_AT.date()).days


@pytest.fixture
def living(tmp_path: Path) -> Living:
    return Living(tmp_path)


def test_s1_16_the_guide_waits_for_the_parcel_and_comes_the_day_after_it_was_seen(living: Living) -> None:
    due = living.due(GUIDE)
    early, late, never, again = living.treated[:4]
    living.know((early, "delivery", 1, {}), (again, "delivery", 1, {}))
    facts = Facts()
    facts.order(again, LIVE_AT + 3 * DAY, {}, shop_id="nord", order_ref="#again", fact_id="again")
    learn(living.store, living.lake, facts, LIVE_AT)
    living.until(due, due + 1)
    assert living.sent(GUIDE) == {early: LIVE_AT.date() + due * DAY}, "a lane that scans: no word, no guide"
    living.know((late, "delivery", due + 0.5, {}))
    living.until(due + 2, due + 8)
    assert living.sent(GUIDE) == {early: LIVE_AT.date() + due * DAY, late: LIVE_AT.date() + (due + 1) * DAY}
    assert not {never, again} & set(living.sent(GUIDE)), "a later order under way is what the guide would speak of"
    assert set(living.decided().values()) == {1}, "each person is decided once per step"


def test_s1_16_an_arrival_between_a_look_s_slot_and_its_due_minute_is_told_the_day_after(living: Living) -> None:
    due = living.due(GUIDE)
    first, second = living.treated[:2]
    living.until(due, due + 1)
    living.know((first, "delivery", due - 1 / 24, {}))  # known an hour before LIVE_AT's: the slot had begun at midnight
    living.until(due + 2)
    living.know((second, "delivery", due + 1 - 1 / 24, {}))
    living.until(due + 3, due + 6)
    assert living.sent(GUIDE) == {
        first: LIVE_AT.date() + (due + 1) * DAY,
        second: LIVE_AT.date() + (due + 2) * DAY,
    }
    assert set(living.decided().values()) == {1}, "what two looks take in is decided once"


def test_s1_16_parcels_that_came_while_the_plan_was_paused_are_told_when_it_goes_on(living: Living) -> None:
    due = living.due(GUIDE)
    before, early, late = living.treated[:3]
    living.know((before, "delivery", 1, {}))
    living.until(due, due + 1)
    living.set_status("approved")
    living.know((early, "delivery", due + 0.9, {}), (late, "delivery", due + 3.2, {}))
    living.until(*range(due + 2, due + 6))
    living.set_status("live")
    living.until(due + 6, due + 7)
    resumed = LIVE_AT.date() + (due + 5) * DAY
    assert living.sent(GUIDE) == {before: LIVE_AT.date() + due * DAY, early: resumed, late: resumed}
    assert set(living.decided().values()) == {1}


def test_s1_16_a_plan_that_takes_over_tells_nobody_again_and_goes_on_where_the_other_stood(living: Living) -> None:
    due = living.due(GUIDE)
    early, late = living.treated[:2]
    living.know((early, "delivery", 1, {}))
    living.until(due, due + 1)
    living.amend()
    living.know((late, "delivery", due + 0.5, {}))
    living.until(due + 2, due + 4)
    assert living.sent(GUIDE) == {early: LIVE_AT.date() + due * DAY, late: LIVE_AT.date() + (due + 1) * DAY}
    assert set(living.decided().values()) == {1}


def test_s1_16_in_a_lane_that_reports_no_arrivals_9_in_10_of_it_decide(tmp_path: Path) -> None:
    living = Living(tmp_path, scans=False)
    due = living.due(GUIDE)
    living.until(due, due + 1, due + 5, due + 6)
    when = living.sent(GUIDE)
    assert set(when) == set(living.treated)
    home = {person for person in living.treated if int(person[1:]) % 2 == 0}
    assert {when[person] for person in home} == {LIVE_AT.date() + due * DAY}, "6 days at home are over by then"
    abroad = {when[person] for person in set(when) - home}
    assert abroad == {(ORDERED_AT + 14 * DAY).date()}, "14 days abroad"
    assert set(living.decided().values()) == {1}


def test_s1_17_a_review_is_asked_for_after_the_days_of_use_and_never_about_what_went_back(living: Living) -> None:
    due = living.due(REVIEW)
    used, fresh, back = living.treated[:3]
    living.know(
        (used, "delivery", 1, {}),
        (fresh, "delivery", due - 3.5, {}),
        (back, "delivery", 1, {}),
        (back, "return", 5, {}),
    )
    living.until(*range(1, due, 3), due, due + 1, due + 4)
    sent = living.sent(REVIEW)
    assert sent == {used: LIVE_AT.date() + due * DAY, fresh: LIVE_AT.date() + (due + 3) * DAY}, "a week of use"
    assert set(living.decided().values()) == {1}


def test_s1_17_lost_parcels_are_told_although_nothing_ran_at_the_hour_of_a_day(living: Living) -> None:
    living.until(1)
    living.day = 5
    living.until(6)
    with living.store.read() as uow:
        told = [one for one in uow.alerts.all("nord") if one.code == "parcels_lost"]
    assert [int(one.message.split()[0]) for one in told] == [len(living.world.people)]


def test_s1_17_a_lost_parcel_is_told_to_service_once_and_nobody_is_asked_about_it(living: Living) -> None:
    living.until(1)
    with living.store.read() as uow:
        assert not [one for one in uow.alerts.all("nord") if one.code == "parcels_lost"]
    living.until(2, 3, 4)
    with living.store.read() as uow:
        told = [one for one in uow.alerts.all("nord") if one.code == "parcels_lost"]
    assert {one.subject for one in told} == {"parcels:2026-12-02", "parcels:2026-12-03"}, "home first, then abroad"
    n = [int(one.message.split()[0]) for one in told]
    assert sum(n) == len(living.world.people), "each parcel is told once"
    living.day = living.due(REVIEW)
    living.until(living.day + 1)
    assert living.sent(REVIEW) == {}
