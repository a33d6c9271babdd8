"""While a lane slips its people are spared promotions and review requests; what that held back is kept and counted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from agent.tick import tick
from agent.tick.slips import watch_lanes
from memory.domain.slips import SLIPPED, Slip
from tests.agent.tick.test_arrived import DAY, KEY, Living
from tests.factories.doing import LIVE_AT, ORDERED_AT, learn
from tests.factories.facts import Facts
from tools.facts import open_facts
from tools.parcels.spared import spared

pytestmark = pytest.mark.slow


class Slipping(Living):
    """Forty more buyers of the same weeks whose parcels are late, beside those of the plan."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        facts = Facts()
        for number in range(40):
            ref = f"#late{number}"
            facts.order(f"late{number}", ORDERED_AT, {}, shop_id="nord", order_ref=ref, market="DE", fact_id=ref)
        learn(self.store, self.lake, facts, LIVE_AT)
        self.german = [person for person in self.treated if int(person[1:]) % 2 == 0]
        self.american = [person for person in self.treated if int(person[1:]) % 2]

    def look(self, days: float, *, is_look: bool = True) -> tuple[Slip, ...]:
        """Watch the lanes so many days after live."""
        self.clock.set(LIVE_AT + days * DAY)
        with self.open() as view:
            return watch_lanes(self.store, view, self.world.shop, self.clock.now(), is_look=is_look)

    def open(self) -> Any:
        return open_facts(self.store, self.lake, ["nord"])

    def alerts(self) -> list[str]:
        with self.store.read() as uow:
            return [one.message for one in uow.alerts.all("nord") if one.code == "lane_slips"]

    def waiting(self) -> set[str]:
        with self.store.read() as uow:
            return uow.slips.spared("nord")

    def reasons(self, step: str) -> dict[str, tuple[str, ...]]:
        """Give the reasons against a step's mail per person."""
        with self.store.read() as uow:
            versions = uow.batches.lake_versions()
        with self.lake.open(versions) as view:
            options, made = view.raw("decision_options"), view.raw("decisions")
            both = options.inner_join(made.select("decision_id", "person_id", "step_id"), "decision_id")
            mine = both.filter(both.step_id == step, both.channel == "email")
            rows = mine.select("person_id", "reasons").to_pyarrow().to_pylist()
        return {row["person_id"]: tuple(row["reasons"]) for row in rows}


@pytest.fixture
def slipping(tmp_path: Path) -> Iterator[Slipping]:
    found = Slipping(tmp_path)
    yield found
    found.store.close()


def arrive(living: Living, *people: str, days: float) -> None:
    living.know(*((person, "delivery", days, {}) for person in people))


def test_a_slip_is_told_once_and_drafts_a_message_per_parcel_that_waits_for_a_person(slipping: Slipping) -> None:
    arrive(slipping, *slipping.american, days=0.1)
    (slip,) = slipping.look(3)
    assert (slip.market, slip.notice) == ("DE", "drafted")
    assert slip.n_late == slip.n_judged >= 40
    assert slipping.look(3.5) == (slip,) and slipping.look(4) == (slip,)
    (told,) = slipping.alerts()
    assert f"{slip.n_late:,} of {slip.n_judged:,} were not there by day" in told
    assert f"secondorder parcels slip {slip.id}" in told
    with slipping.store.read() as uow:
        counts = uow.order_mail.counts("nord")
    assert [(one.kind, one.state) for one in counts] == [("parcel_delay", "drafted")]
    assert counts[0].n_mails == len(slipping.waiting())


def test_promotions_to_its_people_are_withheld_with_a_reason_and_to_others_they_go(slipping: Slipping) -> None:
    arrive(slipping, *slipping.american, days=0.1)
    slipping.look(3)
    plan, credit = slipping.world.plan, "first_time.store_credit"
    slipping.until(slipping.due("store_credit"), slipping.due("store_credit") + 1)
    mails = slipping.reasons(credit)
    assert {person: mails[person] for person in slipping.german} == dict.fromkeys(slipping.german, (SLIPPED,))
    assert {person: mails[person] for person in slipping.american} == dict.fromkeys(slipping.american, ())
    with slipping.store.read() as uow:
        kept = uow.slips.held("nord")
        assert not uow.outbox.table("nord", plan.id, ["step_id"]).filter(pc.field("step_id") == credit).num_rows
    assert set(kept["person_id"].to_pylist()) == set(slipping.german)
    assert set(kept["message_class"].to_pylist()) == {"promotional"}, "service messages go on"
    with slipping.open() as view:
        found = spared(view, slipping.world.shop, kept, slipping.clock.now())
    assert sum(one.n_held for one in found) == kept.num_rows > 0
    assert all(one.n_before_arrival == one.n_held for one in found), "their parcels are not there yet"


def test_who_has_the_parcel_is_spared_no_longer_and_a_lane_that_recovers_spares_nobody(slipping: Slipping) -> None:
    arrive(slipping, *slipping.american, days=0.1)
    (slip,) = slipping.look(3)
    first, *others = slipping.german
    assert {first, *others} <= slipping.waiting()
    arrive(slipping, first, days=3.1)
    slipping.look(3.2, is_look=False)
    assert first not in slipping.waiting()
    arrive(slipping, *others, days=3.5)
    facts = Facts()
    for number in range(60):  # those that were sent since then arrive as usual
        ref, at = f"#new{number}", LIVE_AT + 8 * DAY
        facts.order(f"new{number}", at, {}, shop_id="nord", order_ref=ref, market="DE", fact_id=ref)
        facts.event(f"new{number}", at + 2 * DAY, "delivery", shop_id="nord", order_ref=ref)
    learn(slipping.store, slipping.lake, facts, LIVE_AT)
    assert slipping.look(10) != (), "forty parcels are still under way, and nobody heard of others"
    assert slipping.look(14) == (), "sixty later ones came in time"
    assert slipping.waiting() == set()
    with slipping.store.read() as uow:
        assert uow.slips.get(slip.id).ended_at == slipping.clock.now()
        assert {one.reason for one in uow.order_mail.counts("nord")} == {"lane_recovered"}


def test_a_tick_looks_once_a_day_and_a_shop_that_hears_of_no_arrival_never(tmp_path: Path) -> None:
    slipping = Slipping(tmp_path)
    arrive(slipping, *slipping.american, days=0.1)
    morning = (LIVE_AT + 3 * DAY).replace(hour=5)
    for hour in (-2, -1, 0, 1):
        slipping.clock.set(morning + timedelta(hours=hour))
        tick(slipping.store, slipping.lake, slipping.clock, KEY, "nord", slipping.clock.now(), seed=1)
        assert bool(slipping.alerts()) == (hour >= 0), "six in the morning in Berlin is five in UTC"
    slipping.store.close()
    (tmp_path / "mute").mkdir()
    mute = Living(tmp_path / "mute", scans=False)
    with open_facts(mute.store, mute.lake, ["nord"]) as view:
        assert watch_lanes(mute.store, view, mute.world.shop, LIVE_AT + 20 * DAY, is_look=True) == ()
    mute.store.close()
