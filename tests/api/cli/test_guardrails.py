"""The standing holdout on the command line: what is not named stays as it stands; nothing named shows."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.assembly import App
from memory.domain.clock import ManualClock
from memory.domain.standing import StandingHoldout
from tests.api.conftest import STOCKED

from .conftest import Run

pytestmark = pytest.mark.slow
WORDS = ("guardrails", "standing-holdout")


def held(app: App) -> StandingHoldout | None:
    with app.store.read() as uow:
        return uow.standing.get(STOCKED)


def test_shares_that_are_not_named_stay_and_nothing_named_only_shows(so: Run, stocked: App) -> None:
    assert "No standing holdout" in so(*WORDS).out
    assert held(stocked) is None
    said = so(*WORDS, "--rotating", "0.02")
    assert "0.0% withheld for good, 2.0% redrawn every 90 days" in said.out
    so(*WORDS, "--period-days", "60")
    so(*WORDS, "--core", "0.01")
    found = held(stocked)
    assert found is not None
    assert (found.core_rate, found.rotating_rate, found.period_days) == (0.01, 0.02, 60)
    assert "1.0% withheld for good, 2.0% redrawn every 60 days" in so(*WORDS).out
    assert held(stocked) == found


def test_another_length_begins_a_new_period_so_that_its_people_are_drawn_anew(so: Run, stocked: App) -> None:
    assert isinstance(stocked.clock, ManualClock)
    so(*WORDS, "--rotating", "0.02", "--period-days", "90")
    first = held(stocked)
    assert first is not None
    stocked.clock.advance(timedelta(days=100))
    so(*WORDS, "--rotating", "0.03", "--period-days", "90")
    same = held(stocked)
    assert same is not None and same.started_on == first.started_on
    so(*WORDS, "--period-days", "200")
    other = held(stocked)
    today: date = stocked.clock.now().date()
    assert other is not None and other.started_on == today
    assert other.rotating(today) not in (first.rotating(first.started_on), first.rotating(today))


def test_what_if_says_what_a_file_would_have_done_and_sets_nothing(so: Run, stocked: App, tmp_path: Path) -> None:
    file = tmp_path / "limits.yaml"
    file.write_text(so("guardrails", "show").out.replace("recent_buyer_days: 7", "recent_buyer_days: 14"))
    before = so("guardrails", "history").out
    said = so("guardrails", "what-if", str(file), "--json")
    assert [one["field"] for one in said.json["effects"]] == ["recent_buyer_days"]
    assert "0 messages left" in so("guardrails", "what-if", str(file)).err
    assert so("guardrails", "history").out == before
