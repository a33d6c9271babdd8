"""B1: whatever the order of permission, claim, hand-off and STOP, nothing is handed off after a revocation (I3)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent.dispatch import hand
from agent.dispatch.breaker import Breaker
from agent.dispatch.claim import claim_batch
from agent.dispatch.hand import Hand
from agent.dispatch.reactions import Reactions
from agent.dispatch.report import Tally
from agent.dispatch.second import Second
from agent.dispatch.words import Sheet
from eval.faults.databases import fresh_file
from memory.domain.clock import ManualClock
from memory.domain.consent import ConsentEvent
from memory.domain.message import Accepted, Rendered
from memory.store.changes import Changes
from memory.store.engine import Store, open_store
from tests.agent.dispatch.conftest import KEY, Scripted
from tests.factories.doing import LIVE_AT, World
from tools.markets import load_markets

pytestmark = pytest.mark.slow
MARKETS = load_markets()
HANDED: list[str] = []


class Place(NamedTuple):
    """Where machines find their stores."""

    opened: Callable[[], AbstractContextManager[Store]]
    """Opens a fresh copy of the store with planned messages."""
    world: World
    n_examples: int


PLACE: list[Place] = []


class Permission(RuleBasedStateMachine):
    """One person, one message, and the truth kept by a judge that knows no code of ours: a list of what happened."""

    @initialize()
    def start(self) -> None:
        self.world, self.places, self.clock = PLACE[0].world, ExitStack(), ManualClock(LIVE_AT)
        self.store = self.places.enter_context(PLACE[0].opened())
        self.clock.advance(timedelta(days=1, hours=10))
        with self.store.read() as uow:
            self.row = uow.outbox.due("nord", "email", self.clock.now(), 1, lock=False)[0]
        self.sheet = Sheet(shop=self.world.shop, key=KEY, public_url="https://x.invalid")
        self.may, self.wrong = True, list[str]()
        self.sender = Scripted([Accepted(receipt="r", at=self.clock.now())], before=self.handed)
        self.claimed: list[Any] = []

    def handed(self, message: Rendered) -> None:
        """The provider's own journal judges: a message after a revocation that stands is wrong."""
        HANDED.append(message.send_key)
        if not self.may:
            self.wrong.append(message.send_key)

    @rule()
    def revoke(self) -> None:
        self._tell(lambda uow: uow.consents.revoke(
            "nord", self.row.person_id, "email", self.clock.now(), "one_click", "link"))  # fmt: skip
        self.may = False

    @rule()
    def stop(self) -> None:
        self._tell(lambda uow: uow.consents.suppress(
            f"k{self.row.person_id}", "email", "complaint", self.clock.now(), "STOP", shop_id="nord"))  # fmt: skip
        self.may = False
        self.is_barred = True

    @rule()
    def grant_again(self) -> None:
        event = ConsentEvent(
            channel="email", status="granted", at=self.clock.now(), method="preference_page", source="page"
        )
        self._tell(lambda uow: uow.consents.grant("nord", self.row.person_id, event))
        self.may = not getattr(self, "is_barred", False)

    @rule()
    def claim(self) -> None:
        if self.claimed:
            return
        now = self.clock.now()
        with self.store.unit_of_work() as uow:
            due = uow.outbox.due("nord", "email", now, 1)
            rows = [row for row in due if row.send_key == self.row.send_key]
            if rows:
                judged = (self.sheet, self._second(), Tally(), self._reactions())
                self.claimed = claim_batch(uow, rows, self.sender, "w", now, MARKETS, *judged)

    @rule()
    def hand_off(self) -> None:
        batch, self.claimed = self.claimed, []
        if batch:
            breaker = Breaker(self.store, "nord", "email", self.sender, self.clock)
            with Changes(self.store.engine) as changes:
                known = (breaker, self.sheet, self._second(), MARKETS, changes)
                Hand(self.store, self.sender, self.clock, Tally(), *known).all(batch)

    @invariant()
    def nothing_after_a_revocation(self) -> None:
        assert not getattr(self, "wrong", []), "handed off after the revocation"
        assert len(getattr(self, "sender", Scripted()).journal) <= 1

    def teardown(self) -> None:
        if hasattr(self, "places"):
            self.places.close()

    def _second(self) -> Second:
        return Second(KEY, MARKETS, self.sheet.shop)

    def _reactions(self) -> Reactions:
        return Reactions(self.store, None, "nord", "email", self.clock.now())

    def _tell(self, change: Any) -> None:
        self.clock.advance(timedelta(seconds=1))
        with self.store.unit_of_work() as uow:
            change(uow)


@pytest.fixture
def place(planned_database: tuple[Path, World]) -> Place:
    @contextmanager
    def opened() -> Iterator[Store]:
        with (
            TemporaryDirectory() as folder,
            closing(open_store(fresh_file(planned_database[0], Path(folder, "c.db")))) as store,
        ):
            yield store

    return Place(opened, planned_database[1], n_examples=25)


def _run() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Permission,
        settings=settings(
            max_examples=PLACE[0].n_examples,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_b1_i3_no_order_of_events_hands_off_after_a_revocation(place: Place) -> None:
    PLACE[:], HANDED[:] = [place], []
    _run()
    assert HANDED, "some orders do hand off: the machine is no proof of silence"


def test_b1_a_check_at_the_claim_alone_is_caught(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: neither checker looks right before the hand-off; claim, revoke, hand-off breaks I3."""
    PLACE[:] = [place]
    monkeypatch.setattr(hand, "consent_refusal", lambda *_: "")
    monkeypatch.setattr(Hand, "_look_again", lambda *_: "")
    machine = _claimed_then_revoked()
    with pytest.raises(AssertionError, match="after the revocation"):
        machine.nothing_after_a_revocation()
    machine.teardown()


@pytest.mark.parametrize(
    ("checker", "name"), [(hand, "consent_refusal"), (Hand, "_look_again")], ids=["first", "second"]
)
def test_b1_either_checker_alone_stops_it_right_before_the_hand_off(
    place: Place, monkeypatch: pytest.MonkeyPatch, checker: Any, name: str
) -> None:
    PLACE[:] = [place]
    monkeypatch.setattr(checker, name, lambda *_: "")
    machine = _claimed_then_revoked()
    assert machine.sender.journal == []
    machine.teardown()


def _claimed_then_revoked() -> Permission:
    machine = Permission()
    machine.start()
    machine.claim()
    assert machine.claimed
    machine.revoke()
    machine.hand_off()
    return machine
