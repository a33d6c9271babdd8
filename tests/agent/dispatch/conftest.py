"""A plan that is live, with its first messages planned."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.dispatch import DispatchReport, dispatch
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, ProviderKind, Rendered
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from tests.factories.doing import LIVE_AT, World, a_world
from tools.channels.memory import MemorySender

KEY = b"a key for tests only, 32 bytes.."


@dataclass
class Scripted:
    """A provider that answers what it is told, and keeps a journal of what it was given."""

    answers: Sequence[HandOff] = ()
    kind: ProviderKind = "keyed"
    name: str = "scripted"
    is_live: bool = False
    key_life: timedelta | None = None
    journal: list[Rendered] = field(default_factory=list)
    before: Any = None

    def hand_off(self, message: Rendered) -> HandOff:
        if self.before:
            self.before(message)
        self.journal.append(message)
        return self.answers[min(len(self.journal), len(self.answers)) - 1]


@dataclass
class Desk:
    """What a test needs at hand."""

    store: Store
    clock: ManualClock
    world: World

    def run(self, sender: Any = None, **more: Any) -> DispatchReport:
        sender = sender or MemorySender(self.clock)
        return dispatch(self.store, {"email": sender}, self.clock, KEY, "nord", **more)

    def planned(self) -> list[Any]:
        """Planned mails, oldest first."""
        return self.planned_on("email")

    def planned_on(self, channel: str) -> list[Any]:
        """Planned messages of a channel, oldest first."""
        with self.store.read() as uow:
            return list(uow.outbox.due("nord", channel, self.clock.now() + timedelta(days=9), 1_000, lock=False))

    def counts(self) -> dict[tuple[str, str], int]:
        with self.store.read() as uow:
            return uow.outbox.counts("nord")

    def to_noon(self) -> None:
        """Go to an hour at which both zones are open on the first due day."""
        self.clock.set(LIVE_AT + timedelta(days=1, hours=10))


@pytest.fixture(scope="session")
def planned_database(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> tuple[Path, World]:
    """A store in which sixty people wait for their thank-you of the next day; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("planned")
    path = folder / "planned.db"
    shutil.copyfile(migrated_database, path)
    store, lake, clock = open_store(f"sqlite:///{path}"), Lake(folder / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 60)
    go_live(store, lake, clock, KEY, world.approved)
    tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2), exploration_rate=0.0)
    store.close()  # the last connection writes the log into the file
    return path, world


@pytest.fixture
def desk(planned_database: tuple[Path, World], tmp_path: Path) -> Iterator[Desk]:
    """The first thank-you planned, and the clock at an hour when both zones are open."""
    path, world = planned_database
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    store = open_store(f"sqlite:///{copy}")
    desk = Desk(store, ManualClock(LIVE_AT), world)
    desk.to_noon()
    yield desk
    store.close()
