"""A lane slips where clearly more of its recent parcels are late than usual; a few unlucky ones are no slip."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tests.tools.parcels.test_lanes import parcel
from tools.parcels import resting
from tools.parcels.slips import MARGIN_RATE, LaneNow, affected, lanes_now, wilson_low

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """These parcels travel over Christmas: `test_resting` has the days they rest, here they never do."""
    monkeypatch.setattr(resting, "periods_of", lambda *_: ())


def usual(facts: Facts, carrier: str = "post", n: int = 300) -> None:
    """Parcels of two months ago: 2 to 11 days alike, so that 9 in 10 are there by about day 10."""
    for number in range(n):
        parcel(facts, number, 60, 2 + number % 10, carrier=carrier)


def recent(facts: Facts, n_late: int, n: int = 40, carrier: str = "post") -> None:
    """`n` parcels of 12 to 16 days ago, of which some are still under way."""
    for number in range(1_000, 1_000 + n):
        took = None if number < 1_000 + n_late else 5.0
        parcel(facts, number, 12 + number % 5, took, carrier=carrier)


def now(facts: Facts, tmp_path: Path) -> dict[str, LaneNow]:
    with facts.open(tmp_path) as view:
        return {one.carrier: one for one in lanes_now(view, SHOP, AS_OF)}


def test_a_lane_slips_where_the_low_end_of_its_interval_is_above_what_is_usual(tmp_path: Path) -> None:
    facts = Facts()
    usual(facts)
    usual(facts, "swift")
    recent(facts, 24)
    recent(facts, 4, carrier="swift")
    found = now(facts, tmp_path)
    assert (found["post"].n_judged, found["post"].n_late, found["post"].slips) == (40, 24, True)
    assert found["post"].usual_late_rate == pytest.approx(0.1, abs=0.05)
    assert (found["swift"].n_late, found["swift"].slips, found["swift"].recovered) == (4, False, True)
    assert list(found) == ["post", "swift"], "the latest first"


def test_few_parcels_and_lanes_that_report_nothing_say_nothing(tmp_path: Path) -> None:
    facts = Facts()
    usual(facts)
    recent(facts, 9, n=10)
    for number in range(300):
        parcel(facts, number, 60, None, carrier="mute")
    recent(facts, 40, carrier="mute")
    found = now(facts, tmp_path)
    assert (found["post"].n_judged, found["post"].slips) == (10, False)
    assert "mute" not in found


def test_people_of_parcels_past_their_day_and_of_those_sent_into_the_slip_are_affected(tmp_path: Path) -> None:
    facts = Facts()
    usual(facts)
    recent(facts, 24)
    parcel(facts, 5_000, 2, None)
    parcel(facts, 5_001, 2, 1.0)
    parcel(facts, 5_002, 2, None, refunded_minor=10)
    parcel(facts, 5_003, 2, None, market="US")
    parcel(facts, 5_004, 80, None)
    with facts.open(tmp_path) as view:
        (lane,) = [one for one in lanes_now(view, SHOP, AS_OF) if one.slips]
        way = (lane.origin, lane.market, lane.carrier)
        rows = affected(view, SHOP, way, lane.from_at, AS_OF).to_pyarrow().to_pylist()
    people = {row["person_id"] for row in rows}
    assert len(people) == 25, "the 24 that are late, and the one that was sent into it"
    assert "ppostDE5000" in people
    assert lane.from_at == ago(16)


def test_noise_hardly_ever_triggers_and_real_slips_are_found() -> None:
    """A simulation of daily looks: 20,000 usual weeks of a lane, and as many of one where half are late."""
    rng = np.random.default_rng(7)
    n, usual_rate = 60, 0.12
    alarms = [wilson_low(int(late), n) > usual_rate + MARGIN_RATE for late in rng.binomial(n, usual_rate, 20_000)]
    found = [wilson_low(int(late), n) > usual_rate + MARGIN_RATE for late in rng.binomial(n, 0.5, 20_000)]
    assert np.mean(alarms) < 1e-3
    assert np.mean(found) > 0.95


def test_wilson_s_interval_is_that_of_the_paper() -> None:
    assert wilson_low(0, 0) == 0.0
    assert wilson_low(0, 20) == 0.0
    assert wilson_low(10, 20, 1.96) == pytest.approx(0.2993, abs=1e-4)
    assert ago(1) + timedelta(days=1) == AS_OF
