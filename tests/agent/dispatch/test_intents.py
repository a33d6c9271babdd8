"""S2-22: whatever people do and in whatever order it arrives, what leaves is for the state they are in right then."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agent.dispatch import dispatch
from agent.dispatch.intents import Intents, holds
from agent.verify import message
from memory.domain.segment import Everyone, Intends
from tests.agent.dispatch.conftest import KEY
from tests.factories import planning
from tests.factories.doing import LIVE_AT, learn
from tests.factories.facts import Facts
from tests.factories.intents import plain_state
from tests.factories.live_world import a_live_world
from tests.factories.plans import candidate
from tests.factories.verify import outbox_row
from tools.channels.memory import MemorySender
from tools.segments import load_rule

pytestmark = pytest.mark.slow
NOON = LIVE_AT + timedelta(days=61, hours=4)
"""An hour at which Berlin is open, when a series mail and a price notice may both be due."""
FOR_STATE = {"category_series_3": "explore", "price_drop": "abandon"}
N_PEOPLE = 4
PEOPLE = st.integers(0, N_PEOPLE - 1)
HOURS_AGO = st.integers(0, 40 * 24)
"""An event may reach us long after it happened: carts count for 30 days."""
CATEGORIES = st.sampled_from(("running", "socks"))
LEFT: list[tuple[str, str]] = []
"""Every message that left, with the state its receiver was in."""


class Lives(RuleBasedStateMachine):
    """Four people for whom both kinds wait, and a judge that knows only the list of what each of them did."""

    @initialize()
    def start(self) -> None:
        self.folder, self.number = TemporaryDirectory(), count()
        self.live = a_live_world(Path(self.folder.name))
        self.live.clock.set(NOON)
        with self.live.store.read() as uow:
            arms = uow.assignments.arms("nord", self.live.world.plan.holdout.experiment_id).to_pylist()
        in_berlin = set(self.live.world.people[::2])
        treated = sorted(row["person_id"] for row in arms if row["arm"] == "treated")
        self.people = [person for person in treated if person in in_berlin][:N_PEOPLE]
        self.deeds: dict[str, list[tuple[datetime, str, str]]] = {person: [] for person in self.people}
        self.facts = Facts()
        self.closed, self.done, self.wrong = set[str](), set[str](), list[str]()

    @rule(who=PEOPLE, ago=HOURS_AGO, category=CATEGORIES, n=st.sampled_from((5, 6, 3, 1)))
    def views(self, who: int, ago: int, category: str, n: int) -> None:
        for _ in range(n):
            self.facts.event(self.people[who], self._did(who, ago, "view", category), shop_id="nord", category=category)

    @rule(who=PEOPLE, ago=HOURS_AGO, category=CATEGORIES)
    def fills_a_cart(self, who: int, ago: int, category: str) -> None:
        at = self._did(who, ago, "cart", category)
        self.facts.event(self.people[who], at, "cart", shop_id="nord", category=category)

    @rule(who=PEOPLE, ago=st.integers(8 * 24, 40 * 24), category=CATEGORIES)
    def purchases(self, who: int, ago: int, category: str) -> None:
        at = self._did(who, ago, "buy", category)
        self.facts.order(self.people[who], at, {"category": category}, shop_id="nord")

    @rule(who=PEOPLE, ago=HOURS_AGO)
    def gets_a_parcel(self, who: int, ago: int) -> None:
        self.facts.event(self.people[who], self._did(who, ago, "delivery", ""), "delivery", shop_id="nord")

    @rule(who=PEOPLE)
    def unsubscribes(self, who: int) -> None:
        person, now = self.people[who], self.live.clock.now()
        with self.live.store.unit_of_work() as uow:
            uow.consents.revoke("nord", person, "email", now, "one_click", "link")
        self.closed.add(person)

    @rule(who=PEOPLE)
    def messages_leave(self, who: int) -> None:
        """Both kinds were decided for the person some time ago; now they come due."""
        self._leave([self.people[who]])

    @invariant()
    def what_leaves_is_for_the_present_state(self) -> None:
        assert not getattr(self, "wrong", []), self.wrong

    def teardown(self) -> None:
        if hasattr(self, "live"):
            self._leave(self.people)
            self.live.store.close()
            self.folder.cleanup()
            self.what_leaves_is_for_the_present_state()

    def _leave(self, people: list[str]) -> None:
        waiting, now = [person for person in people if person not in self.done], self.live.clock.now()
        if not waiting:
            return
        self.done.update(waiting)
        keys = {key: (person, template) for person in waiting for key, template in self._plan(person, now).items()}
        self._learn()
        sender = MemorySender(self.live.clock)
        dispatch(self.live.store, {"email": sender}, self.live.clock, KEY, "nord", lake=self.live.lake)
        for person in waiting:
            state = plain_state(self.deeds[person], now)
            left = {template for key, (who, template) in keys.items() if who == person and key in sender.messages}
            LEFT.extend((FOR_STATE[template], state) for template in left)
            if left != {each for each, wanted in FOR_STATE.items() if wanted == state and person not in self.closed}:
                self.wrong.append(f"{sorted(left)} left for somebody who is in state {state!r}")

    def _plan(self, person: str, now: datetime) -> dict[str, str]:
        plan, rails, keys = self.live.world.plan, planning.guardrails(), {}
        rows = []
        for template in FOR_STATE:
            step = next(step for step in plan.steps() if step.id == f"first_time.{template}")
            wanted = candidate(
                person_id=person, cohort="first_time", step_id=step.id, journey_id="first_time.journey",
                message_kind=step.kind, message_class=step.message_class, option_id=f"{step.id}:email",
            )  # fmt: skip
            rows.append(outbox_row(wanted, plan, rails, now))
            keys[rows[-1]["send_key"]] = template
        with self.live.store.unit_of_work() as uow:
            uow.outbox.plan(rows)
        return keys

    def _did(self, who: int, ago: int, act: str, category: str) -> datetime:
        at = self.live.clock.now() - timedelta(hours=ago)
        self.deeds[self.people[who]].append((at, act, category))
        return at

    def _learn(self) -> None:
        """Let everything that was done since the last time arrive, late or not."""
        facts, now, self.facts = self.facts, self.live.clock.now(), Facts()
        for rows in facts.rows.values():
            for row in rows:
                number = next(self.number)
                row |= {"content_hash": f"h{number}", "arrived_at": now}
                if "order_fact_id" not in row:
                    row["fact_id"] = f"{row['fact_id']}.{number}"
        if facts.rows:
            learn(self.live.store, self.live.lake, facts, now)
        self.live.clock.advance(timedelta(minutes=1))


def _run() -> None:
    quiet = list(HealthCheck)
    how = settings(
        max_examples=5, stateful_step_count=9, deadline=None, database=None, suppress_health_check=quiet,
        derandomize=True,
    )  # fmt: skip
    run_state_machine_as_test(Lives, settings=how)


def _one_of_each() -> None:
    """Somebody leaves a cart and somebody else looks around: each gets what is meant for that."""
    lives = Lives()
    lives.start()
    lives.fills_a_cart(0, 24, "socks")
    lives.views(1, 24, "running", 5)
    lives.teardown()


def test_s2_22_what_leaves_is_for_the_state_a_person_is_in_right_then() -> None:
    LEFT.clear()
    _run()
    _one_of_each()  # whatever was drawn
    assert {wanted for wanted, _ in LEFT} == set(FOR_STATE.values()), (
        "both kinds leave for somebody: no proof of silence"
    )


def _smallest_life() -> Lives:
    lives = Lives()
    lives.start()
    lives.fills_a_cart(0, 3, "running")
    lives.messages_leave(0)
    return lives


def test_s2_22_a_claim_that_trusts_the_tick_is_stopped_by_the_second_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Intents, "refusal", lambda *_: "")
    LEFT.clear()
    _smallest_life().teardown()
    _one_of_each()
    assert {wanted for wanted, _ in LEFT} == set(FOR_STATE.values())


@pytest.mark.long
def test_s2_22_the_second_checker_alone_knows_every_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Intents, "refusal", lambda *_: "")
    LEFT.clear()
    _run()
    assert LEFT


def test_s2_22_planted_checkers_that_both_trust_the_tick_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nobody looks again after the tick; the smallest life shows it."""
    monkeypatch.setattr(Intents, "refusal", lambda *_: "")
    monkeypatch.setattr(message, "intent", lambda *_: ())
    lives = _smallest_life()
    with pytest.raises(AssertionError, match="category_series_3"):
        lives.teardown()


def test_s2_22_an_order_between_two_batches_of_one_run_counts() -> None:
    lives = Lives()
    lives.start()
    lives.fills_a_cart(0, 24 * 10, "running")
    live, person = lives.live, lives.people[0]
    lives._plan(person, live.clock.now())
    lives._learn()
    intents = Intents(live.store, live.lake, "nord", "email")
    reasons = []
    for _ in range(2):
        intents.look(live.clock.now())
        with live.store.read() as uow:
            rows = uow.outbox.due("nord", "email", live.clock.now(), 9, lock=False)
            (row,) = [row for row in rows if row.person_id == person and row.message_kind == "price_drop"]
            reasons.append(intents.refusal(uow, row, person))
        lives.purchases(0, 24 * 9, "socks")
        lives._learn()
    assert reasons == ["", "intent_changed"]
    live.store.close()
    lives.folder.cleanup()


def test_s2_22_a_message_the_look_missed_waits_for_the_next_look() -> None:
    lives = Lives()
    lives.start()
    lives.fills_a_cart(0, 24, "running")
    lives._learn()
    live, person = lives.live, lives.people[0]
    intents, found = Intents(live.store, live.lake, "nord", "email"), []
    intents.look(live.clock.now())
    lives._plan(person, live.clock.now())
    with live.store.read() as uow:
        rows = uow.outbox.due("nord", "email", live.clock.now(), 9, lock=False)
    (row,) = [row for row in rows if row.person_id == person and row.message_kind == "price_drop"]
    for _ in range(2):
        with live.store.read() as uow:
            found.append(intents.refusal(uow, row, person))
        intents.look(live.clock.now())
    assert found == [None, ""]
    live.store.close()
    lives.folder.cleanup()


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"op": "intends", "state": "explore"}, True),
        ({"op": "not", "of": {"op": "intends", "state": "explore"}}, False),
        ({"op": "all", "of": [{"op": "everyone"}, {"op": "intends", "state": "abandon"}]}, False),
        ({"op": "all", "of": [{"op": "everyone"}, {"op": "intends", "state": "explore"}]}, None),
        ({"op": "any", "of": [{"op": "everyone"}, {"op": "intends", "state": "abandon"}]}, None),
        ({"op": "any", "of": [{"op": "everyone"}, {"op": "intends", "state": "explore"}]}, True),
    ],
)
def test_s2_22_the_rest_of_a_rule_stays_as_the_tick_found_it(parts: dict[str, Any], expected: bool | None) -> None:
    assert holds(load_rule(parts), "explore") is expected
    assert holds(Everyone(), "explore") is None
    assert holds(Intends(state="explore"), "") is False
