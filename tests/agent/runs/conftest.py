"""A stocked installation with people who may approve, and a schedule that drafts."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.autonomy import AutonomyAction, AutonomyGrant, AutonomyLevel, Thresholds
from memory.domain.clock import ManualClock
from memory.domain.money import Money
from memory.domain.principal import Grant, Principal
from memory.domain.run import Run, Schedule
from tests.agent.dispatch.conftest import desk, planned_database
from tests.api.conftest import STOCKED, stocked_home
from tests.factories.small_shop import ANCHOR_AT

__all__ = ["STOCKED", "desk", "planned_database", "stocked_home"]


def person(name: str, role: str, kind: str = "human") -> Principal:
    return Principal.model_validate(
        {"id": name, "name": name, "kind": kind, "grants": [Grant.model_validate({"shop_id": STOCKED, "role": role})]}
    )


MIA, AVA, BOT = person("mia", "marketer"), person("ava", "approver"), person("bot", "approver", "agent")


def a_schedule(app: App, **changes: object) -> Schedule:
    """A daily drafting schedule of Mia's."""
    values: dict[str, object] = {
        "id": "s1", "shop_id": STOCKED, "kind": "plan", "every": "day", "zone": "Europe/Berlin", "created_by": "mia",
        "created_at": app.clock.now() - timedelta(days=2),
    }  # fmt: skip
    return Schedule.model_validate({**values, **changes})


def with_people(app: App) -> App:
    """Put Mia, Ava and a drafting schedule into a stocked home."""
    with app.store.unit_of_work() as uow:
        for one in (MIA, AVA, BOT):
            uow.principals.add(one, app.clock.now(), "system")
        uow.runs.schedule(a_schedule(app))
    return app


@pytest.fixture
def house(drafted_home: Path, tmp_path: Path) -> Iterator[App]:
    """An installation of its own in which a schedule fires; drafting takes the plan that is stored already."""
    app = assemble(load_settings(home=shutil.copytree(drafted_home, tmp_path / "house")), ManualClock(ANCHOR_AT))
    yield app
    app.close()


@pytest.fixture(scope="session")
def drafted_home(stocked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stocked home with people and a drafting schedule."""
    home = shutil.copytree(stocked_home, tmp_path_factory.mktemp("drafted") / "home")
    app = assemble(load_settings(home=home), ManualClock(ANCHOR_AT))
    with_people(app)
    app.close()
    return home


def clock_of(app: App) -> ManualClock:
    assert isinstance(app.clock, ManualClock)
    return app.clock


def granted(
    app: App, level: AutonomyLevel, action: AutonomyAction = "plan_live", limits: dict[str, int] | None = None
) -> AutonomyGrant:
    """Ava grants a level for a month."""
    from agent.runs import grant_autonomy

    thresholds, most = None, limits or {}
    if level == 2:
        with app.store.read() as uow:
            currency = uow.shops.get(STOCKED).currency
        thresholds = Thresholds(
            max_reach=most.get("reach", 10**6),
            max_cost=Money(amount_minor=most.get("cost", 10**9), currency=currency),
            max_worst_loss=Money(amount_minor=most.get("loss", 10**9), currency=currency),
        )
    until = app.clock.now() + timedelta(days=30)
    return grant_autonomy(app.store, app.clock, AVA, STOCKED, action, level, until, thresholds)


def run_through(app: App, run: Run) -> Run:
    """Carry out every step of a run as the workflow does."""
    from agent.runs import carry_out
    from agent.runs.steps import STEPS

    for step in STEPS[run.kind]:
        carry_out(app, run.id, step)
    with app.store.read() as uow:
        return uow.runs.get(run.id)


def fired(app: App) -> Run:
    from agent.runs import fire_due

    (run,) = fire_due(app.store, app.clock)
    return run
