"""The picture of what runs by itself: a schedule's last run is found however many others ran since."""

from datetime import timedelta
from typing import Literal

import pytest

from agent.assembly import App
from api.ui.runs.view import Teller
from api.ui.shell.words import LANGUAGES, words
from api.verbs.acting import Acting
from api.verbs.overview import N_ENDED, overview
from memory.domain.principal import Grant, Principal
from memory.domain.run import Run, Schedule
from tests.api.conftest import SHOP

MIA = Principal(id="mia", name="mia", grants=(Grant(shop_id=SHOP, role="marketer"),))


def a_schedule(app: App, name: str, every: Literal["hour", "week", "year"]) -> Schedule:
    return Schedule(
        id=name, shop_id=SHOP, kind="tick", every=every, zone="Europe/Berlin", created_by="mia",
        created_at=app.clock.now() - timedelta(days=400),
    )  # fmt: skip


def a_run(app: App, schedule_id: str, hours_ago: int) -> Run:
    at = app.clock.now() - timedelta(hours=hours_ago)
    return Run(
        id=f"{schedule_id}-{hours_ago}", shop_id=SHOP, kind="tick", schedule_id=schedule_id, slot=str(hours_ago),
        slot_at=at, status="finished", started_at=at, ended_at=at,
    )  # fmt: skip


@pytest.fixture
def acting(installation: App) -> Acting:
    """A weekly schedule that ran twice, before more hourly runs than are shown; a yearly one that never ran."""
    app = installation
    runs = [a_run(app, "hourly", hours) for hours in range(N_ENDED + 3)]
    runs += [a_run(app, "weekly", hours) for hours in (240, 72)]
    with app.store.unit_of_work() as uow:
        uow.runs.schedule(a_schedule(app, "hourly", "hour"))
        uow.runs.schedule(a_schedule(app, "weekly", "week"))
        uow.runs.schedule(a_schedule(app, "yearly", "year"))
        assert all(uow.runs.fire(run) for run in runs)
    return Acting(app=app, principal=MIA, shop_id=SHOP)


def test_the_last_run_of_a_schedule_is_named_though_others_ran_more_often(acting: Acting) -> None:
    found = overview(acting)
    assert "weekly" not in {one.run.schedule_id for one in found.finished_runs}
    last = {one.schedule.id: one.last.id if one.last else None for one in found.schedules}
    assert last == {"hourly": "hourly-0", "weekly": "weekly-72", "yearly": None}
    for language in LANGUAGES:
        say = words(language)
        cards = {one.key: one.html for one in Teller(found, say, "Europe/Berlin").cards("schedules")}
        never = say("runs", "never")
        assert [never in cards[f"schedule-{name}"] for name in ("hourly", "weekly", "yearly")] == [False, False, True]
