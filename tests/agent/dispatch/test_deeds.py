"""S2-22 right before the hand-off: the second checker is shown what people did by facts that came after the claim."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.dispatch import dispatch
from agent.dispatch.deeds import NOTHING, Deeds, deeds_of
from agent.verify.intent import _state
from memory.domain.handover import DeedsNow
from memory.domain.message import Accepted, ProviderKind
from tests.agent.dispatch.conftest import KEY, Scripted
from tests.agent.dispatch.test_intents import NOON
from tests.factories import planning
from tests.factories.doing import explore, learn
from tests.factories.facts import AS_OF, Facts, ago
from tests.factories.live_world import LiveWorld, a_live_world
from tests.factories.plans import candidate
from tests.factories.verify import outbox_row
from tests.tools.profile.test_intent import looks
from tests.tools.profile.test_intent import people as people_in_every_state
from tools.profile.intent import intent_states

pytestmark = pytest.mark.slow
STEP = "first_time.category_series_3"


class Series:
    """Three people who explore, and for each of them the third part of the series."""

    def __init__(self, folder: Path) -> None:
        self.live: LiveWorld = a_live_world(folder)
        self.live.clock.set(NOON)
        with self.live.store.read() as uow:
            arms = uow.assignments.arms("nord", self.live.world.plan.holdout.experiment_id).to_pylist()
        treated = {row["person_id"] for row in arms if row["arm"] == "treated"}
        self.people = [person for person in self.live.world.people[::2] if person in treated][:3]
        self.row = 0
        facts = Facts()
        explore(facts, self.people, NOON - timedelta(days=3))
        learn(self.live.store, self.live.lake, facts, NOON)
        self._plan()

    def _plan(self) -> None:
        plan = self.live.world.plan
        step = next(step for step in plan.steps() if step.id == STEP)
        rows = [
            outbox_row(
                candidate(person_id=person, cohort="first_time", step_id=step.id, journey_id="first_time.journey",
                          message_kind=step.kind, message_class=step.message_class, option_id=f"{step.id}:email"),
                plan, planning.guardrails(), NOON - timedelta(minutes=3 - number),
            )
            for number, person in enumerate(self.people)
        ]  # fmt: skip
        self.of = {row["send_key"]: row["person_id"] for row in rows}
        with self.live.store.unit_of_work() as uow:
            uow.outbox.plan(rows)

    def second_leaves_a_cart(self, *_: Any) -> None:
        """Once: while the first message is at the provider, the second person puts something in a cart."""
        if self.row:
            return
        self.row += 1
        facts = Facts()
        cart = facts.event(self.people[1], NOON - timedelta(minutes=9), "cart", shop_id="nord", category="running")
        cart |= {"fact_id": "the cart", "content_hash": "cart", "arrived_at": NOON}
        learn(self.live.store, self.live.lake, facts, NOON)

    def dispatch(self, sender: Scripted, **more: Any) -> dict[str, str]:
        """Give the state and reason of each person's message."""
        more = {"lake": self.live.lake} | more
        dispatch(self.live.store, {"email": sender}, self.live.clock, KEY, "nord", **more)
        with self.live.store.read() as uow:
            rows = {person: uow.outbox.get(key) for key, person in self.of.items()}
        return {person: f"{row.state} {row.reason}".strip() for person, row in rows.items() if row is not None}


@pytest.fixture
def series(tmp_path: Path) -> Iterator[Series]:
    made = Series(tmp_path)
    yield made
    made.live.store.close()


@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_s2_22_facts_that_come_after_the_claim_end_a_message_of_the_same_batch(
    series: Series, kind: ProviderKind
) -> None:
    sender = Scripted([Accepted(receipt="r", at=NOON)], kind, before=series.second_leaves_a_cart)
    first, second, third = series.people
    assert series.dispatch(sender) == {first: "sent", second: "suppressed intent_changed", third: "sent"}
    assert len(sender.journal) == 2


@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_s2_22_planted_deeds_that_are_never_read_again_let_it_out(
    series: Series, kind: ProviderKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deeds, "refresh", lambda *_: None)
    sender = Scripted([Accepted(receipt="r", at=NOON)], kind, before=series.second_leaves_a_cart)
    assert set(series.dispatch(sender).values()) == {"sent"}


def test_s2_22_without_facts_a_message_for_one_state_waits(series: Series) -> None:
    assert set(series.dispatch(Scripted([Accepted(receipt="r", at=NOON)]), lake=None).values()) == {"planned"}


def test_s2_22_one_look_serves_a_batch(series: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its length, a batch reads the lake once at the claim, and again only for newer facts."""
    n_read, keep = [0], Deeds.keep

    def counted(*given: Any) -> None:
        n_read[0] += 1
        keep(*given)

    monkeypatch.setattr(Deeds, "keep", counted)
    series.dispatch(Scripted([Accepted(receipt="r", at=NOON)], "blind"))
    assert n_read == [1]


def test_s2_22_deeds_give_the_states_that_the_tick_finds(tmp_path: Path) -> None:
    """Two queries and two readings that share no code: cancelled, refunded, by machines, with categories filled in."""
    facts = people_in_every_state()
    looks(facts, "cancelled", 6)
    facts.order("cancelled", ago(2), {"category": "running"}, is_cancelled=True)
    looks(facts, "refunded", 6)
    facts.order("refunded", ago(2), {"category": "running"}, refunded_minor=5000)
    looks(facts, "partly", 6)
    facts.order("partly", ago(2), {"category": "running"}, refunded_minor=4999)
    facts.add("products", ago(90), sku="boot", category="boots")
    for number in range(5):
        facts.event("by.sku", ago(3 + number), "view", sku="boot")
    looks(facts, "bought.by.sku", 5, "boots")
    facts.order("bought.by.sku", ago(1), {"sku": "boot", "category": None})
    _at_random(facts)
    with facts.open(tmp_path) as view:
        rows = intent_states(view, AS_OF).to_pyarrow().to_pylist()
        everybody = {row["subject_id"] for table in ("events", "orders") for row in facts.rows[table]} - {None}
        counted = deeds_of(view, everybody, AS_OF)
    found = {person: state for person in everybody if (state := _state(counted.get(person, NOTHING), AS_OF))}
    assert found == {row["person_id"]: row["state"] for row in rows}
    assert {found[who] for who in ("cancelled", "refunded", "by.sku")} == {"explore"}
    assert not {"partly", "bought.by.sku", "robot"} & found.keys()
    assert len(set(found.values())) == 2


def test_s2_22_what_has_not_happened_yet_does_not_count(tmp_path: Path) -> None:
    facts = Facts()
    facts.event("ann", ago(1), "cart", category="running")
    facts.order("ann", ago(0), {"category": "running"})
    with facts.open(tmp_path) as view:
        assert deeds_of(view, {"ann"}, ago(0, 1)) == {"ann": DeedsNow(cart_at=ago(1), looked={"running": 1})}
        assert deeds_of(view, {"bob"}, ago(0)) == {}


def _at_random(facts: Facts) -> None:
    chance = random.Random(11)
    for number in range(40):
        person = f"p{number:02d}"
        for _ in range(chance.randrange(2, 16)):
            at: datetime = ago(chance.randrange(45), chance.randrange(24))
            category = chance.choice(("running", "socks"))
            act = chance.choice(("view", "view", "cart", "mail_click", "buy", "machine"))
            if act == "buy":
                facts.order(person, at, {"category": category})
            else:
                kind = "cart" if act == "machine" else act
                facts.event(person, at, kind, category=category, is_machine=act == "machine")
