from datetime import date

from agent.loyalty.mission_totals import MissionTotal
from api.ui.members.activity_view import render_drops, render_missions
from api.ui.shell.words import LANGUAGES, words
from memory.domain.early_access import Drop
from memory.domain.offer import MissionTask
from tests.tools.loyalty.programme import eur

MISSION = MissionTotal(
    plan_id="a" * 64, title="<i>Winter", offer_id="vip.mission_points", state="running", valid_from=date(2027, 1, 5),
    valid_until=date(2027, 1, 31),
    tasks=(MissionTask(action="open_app"), MissionTask(action="view_new"),
           MissionTask(action="purchase", min_spend=eur(5_000))),
    points=300, cost=eur(300), n_people=2_000, n_by_done=(1_000, 600, 300, 100), n_earned=90, n_clawed_back=8,
    n_blocked=2,
)  # fmt: skip
DROP = Drop(id="drop", sku="coat", hours=48, public_on=date(2027, 2, 1), public_minute=540, n_total=50, n_taken=12)


def test_s2_36_a_mission_shows_its_tasks_and_how_many_did_how_many_of_them() -> None:
    html = render_missions((MISSION,), words("en"))
    assert "Buy for at least €50.00" in html and "&lt;i&gt;Winter" in html and "under way" in html
    assert [one in html for one in ("0 of 3", "3 of 3", "50.0%", "5.0%", "2,000")] == [True] * 5
    assert "keep the points: 90" in html and "Jan 5, 2027 to Jan 31, 2027" in html
    for language in LANGUAGES:
        for state in ("waiting", "running", "over"):
            assert render_missions((MISSION.model_copy(update={"state": state}),), words(language))
    nobody = MISSION.model_copy(update={"n_people": 0, "n_by_done": (0, 0, 0, 0)})
    assert "–" in render_missions((nobody,), words("en"))
    assert "No mission is under way" in render_missions((), words("en"))


def test_s1_24_early_access_says_how_many_pieces_are_left_and_whose_clock_counts() -> None:
    html = render_drops((DROP,), words("en"))
    assert "Feb 1, 2027, 09:00 local time" in html and ">38<" in html and "48 hours" in html
    assert "Nothing is set aside" in render_drops((), words("en"))
