"""The hour of a promotion: a share drawn evenly, else the best known; never a closed hour, never what waits."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from agent.replay.compared import compare_decisions
from agent.replay.deciding import decide_again
from agent.replay.explaining import explain_decision
from agent.replay.gathering import decision_inputs
from agent.reports import decision_record, render_decision
from agent.tick import hours
from agent.tick.hours import DrawnHours, HourRules, Hours, draw_hours
from memory.domain.certificate import SEAL_DIGITS
from memory.domain.experiment import Interval
from memory.domain.facts import CANDIDATES_SCHEMA
from memory.domain.outcome import Allowed, Denied
from memory.domain.response import Response
from tests.agent.tick.test_run import Running
from tests.factories.learned import shop_effects
from tests.factories.planning import guardrails
from tests.factories.plans import SEND_AT, candidate, good_plan
from tests.factories.verify import judged
from tools.markets import load_markets
from tools.timing import LATER_MINUTES, LaterHour

MARKETS = {market.country: market for market in load_markets().all()}
KEY = b"where chance comes from"
EXTRA = pa.schema([("zone_source", pa.string()), ("is_fallback", pa.bool_()), ("waited_on", pa.string())])
SCHEMA = pa.schema([*CANDIDATES_SCHEMA, *EXTRA])


def message(**changes: Any) -> dict[str, Any]:
    return candidate() | {"zone_source": "person", "is_fallback": False, "waited_on": ""} | changes


def rules(rate: float, best: dict[str, int] | None = None, slot_at: datetime = SEND_AT) -> HourRules:
    return HourRules(good_plan(), guardrails(), MARKETS, slot_at, rate, Hours(LATER_MINUTES, best or {}))


def drawn(rows: list[dict[str, Any]], given: HourRules) -> DrawnHours:
    ids = pa.array([f"d{number}" for number in range(len(rows))])
    return draw_hours(pa.Table.from_pylist(rows, SCHEMA), ids, given, KEY)


def test_s2_23_a_share_of_promotions_is_drawn_evenly_among_the_open_hours() -> None:
    found = drawn([message()] * 4_000, rules(0.4))
    shares = np.bincount(found.number.to_numpy()) / 4_000
    assert shares[0] == pytest.approx(0.7, abs=0.03)
    assert shares[1:] == pytest.approx([0.1] * 3, abs=0.02)
    by_hour = dict(zip(found.number.to_pylist(), found.propensity.to_pylist(), strict=True))
    assert by_hour == pytest.approx({0: 0.7, 1: 0.1, 2: 0.1, 3: 0.1})


def test_s2_23_the_row_is_at_the_drawn_hour_of_its_own_day() -> None:
    found = drawn(
        [message(zone="America/New_York", market="US", send_at=SEND_AT + timedelta(hours=6))] * 50, rules(1.0)
    )
    minutes = [600, *LATER_MINUTES]
    assert set(found.number.to_pylist()) == {0, 1, 2, 3}
    for number, row in zip(found.number.to_pylist(), found.messages.to_pylist(), strict=True):
        local = row["send_at"].astimezone(ZoneInfo("America/New_York"))
        assert row["local_minute"] == minutes[number] == local.hour * 60 + local.minute
        assert (local.date(), local.weekday()) == (SEND_AT.date(), row["local_weekday"])


def test_s2_23_without_chance_and_experience_nothing_is_drawn() -> None:
    rows = [message(), message(channel="push")]
    found = drawn(rows, rules(0.0))
    assert found.messages.to_pylist() == pa.Table.from_pylist(rows, SCHEMA).to_pylist()
    assert found.number.to_pylist() == found.propensity.to_pylist() == found.choices.to_pylist() == [None, None]


def test_s2_23_the_best_known_hour_is_taken_where_it_is_open() -> None:
    evening = {"vip:email": 3, "vip:sms": 3}
    late = {"send_at": SEND_AT + timedelta(hours=9, minutes=25), "local_minute": 1165}
    closed_at = guardrails().model_copy(update={"quiet_hours": guardrails().quiet_hours.model_copy(
        update={"closes_minute": 1100})})  # fmt: skip
    found = drawn([message(), message(channel="push"), message(**late)], rules(0.0, evening))
    assert found.number.to_pylist() == [3, 0, 3]
    assert found.propensity.to_pylist() == [1.0, 1.0, 1.0]
    closing = HourRules(good_plan(), closed_at, MARKETS, SEND_AT, 0.2, Hours(LATER_MINUTES, evening))
    without = drawn([message()] * 300, closing)
    assert set(without.number.to_pylist()) == {0, 1, 2}
    assert set(map(tuple, without.choices.to_pylist())) == {(0, 1, 2)}


@pytest.mark.parametrize(
    "change",
    [
        {"step_id": "vip.thank_you", "message_class": "service"},
        {"step_id": "vip.order_confirmation", "message_class": "transactional"},
        {"step_id": "vip.price_drop", "waited_on": "2026-12-15"},
        {"is_fallback": True},
        {"send_at": SEND_AT - timedelta(minutes=1)},
        {"send_at": SEND_AT + timedelta(hours=10, minutes=40), "local_minute": 1180},
    ],
)  # fmt: skip
def test_s2_23_what_is_waited_for_is_late_or_has_no_later_hour_is_not_moved(change: dict[str, Any]) -> None:
    row = message(**change)
    found = drawn([row, message()], rules(1.0, {"vip:email": 3}))
    assert found.number.to_pylist()[0] is None and found.number.to_pylist()[1] is not None
    assert found.messages.slice(0, 1).to_pylist() == pa.Table.from_pylist([row], SCHEMA).to_pylist()


def test_s2_26_whose_zone_is_assumed_gets_an_hour_open_anywhere_in_the_market() -> None:
    far = message(
        market="US", zone="America/New_York", zone_source="market_default", send_at=SEND_AT + timedelta(hours=6)
    )
    own = far | {"zone_source": "person"}
    found = drawn([far] * 200 + [own] * 200, rules(1.0)).number.to_pylist()
    assert set(found[200:]) == {0, 1, 2, 3}
    assert 1 not in found[:200]  # 12:30 in New York is 07:30 in Honolulu


def closed(*_: Any) -> Iterator[LaterHour]:
    yield LaterHour(1, SEND_AT + timedelta(hours=12, minutes=30), 1350)


def test_c2_a_draw_that_ignores_quiet_hours_is_caught_by_the_second_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = drawn([message()], rules(0.0, {"vip:email": 3})).messages.to_pylist()[0]
    assert isinstance(judged(honest), Allowed)
    monkeypatch.setattr(hours, "later_hours", closed)
    moved = drawn([message()], rules(0.0, {"vip:email": 1})).messages.to_pylist()[0]
    assert moved["local_minute"] == 1350
    in_the_day = SEND_AT + timedelta(minutes=5)
    verdict = judged(moved, at=in_the_day)
    assert isinstance(verdict, Denied)
    assert "limit_broken" in verdict.codes


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Decided for the day of the January mission, a promotion planned for 18:00."""
    made = Running(tmp_path_factory.mktemp("live"))
    made.tick(43, rate=0.6)
    yield made
    made.store.close()


@pytest.mark.slow
def test_s2_23_the_certificate_says_the_hour_at_which_the_message_goes(live: Running) -> None:
    """Of every message: what the store sends at, what the certificate says, and what the decision keeps."""
    names = ["person_id", "step_id", "zone", "send_at", "certificate", "message_class"]
    with live.store.read() as uow:
        rows = uow.outbox.table("nord", live.world.plan.id, names).to_pylist()
    decisions = {(row["person_id"], row["step_id"]): row for row in live.decisions() if row["chosen"] != "none"}
    for row in rows:
        local = datetime.fromtimestamp(row["send_at"] / 1e6, UTC).astimezone(ZoneInfo(row["zone"]))
        said = json.loads(row["certificate"][SEAL_DIGITS:])
        minute = local.hour * 60 + local.minute
        assert (said["send_at"], said["person"]["minute"]) == (row["send_at"], minute)
        number = decisions[row["person_id"], row["step_id"]]["hour_no"]
        assert number is None or (row["message_class"], minute) == ("promotional", {0: 1080, 3: 1170}[number])  # type: ignore[index]
    missions = [row for row in decisions.values() if str(row["step_id"]).endswith("january_mission")]
    assert {row["hour_no"] for row in missions} == {0, 3}


@pytest.mark.slow
def test_s2_23_hours_that_chance_drew_are_drawn_again(live: Running) -> None:
    given = decision_inputs(live.store, live.lake, load_markets(), "nord", live.world.plan.id)
    assert given is not None
    names = ["decision_id", "hour_no", "hour_propensity", "hour_choices"]
    again = decide_again(given)
    assert again.hashes == tuple(frame.decisions_hash for frame in given.shared.frames)
    assert again.decided.select(names).sort_by("decision_id").equals(given.decided.select(names).sort_by("decision_id"))


@pytest.mark.slow
def test_s2_23_the_hour_is_part_of_what_a_replay_compares(live: Running) -> None:
    given = decision_inputs(live.store, live.lake, load_markets(), "nord", live.world.plan.id)
    assert given is not None
    [frame] = given.shared.frames
    planned = replace(given, shared=given.shared.model_copy(update={
        "frames": (frame.model_copy(update={"later_minutes": ()}),)}))  # fmt: skip
    again = decide_again(planned)
    assert again.hashes != (frame.decisions_hash,)
    assert compare_decisions(given.decided, again.decided, 5).n_changed > 0
    assert again.decided["hour_no"].null_count == again.decided.num_rows


@pytest.mark.slow
def test_s2_23_a_decision_shows_the_drawn_hour_as_chosen_and_the_others_as_not_drawn(live: Running) -> None:
    for row in (one for one in live.decisions() if one["hour_no"] is not None):
        record = decision_record(live.store, live.lake, "nord", str(row["decision_id"]))
        [chosen] = [one for one in record.times if one.is_chosen]
        [other] = [one for one in record.times if one.reasons == ("hour_not_drawn",)]
        clocks = {0: "18:00", 3: "19:30"}
        assert chosen.local.endswith(clocks.pop(row["hour_no"]))  # type: ignore[call-overload]
        assert other.local.endswith(clocks.popitem()[1])
        assert chosen.propensity == row["hour_propensity"] and chosen.reasons == ()
        assert f"chance {chosen.propensity:.1%}" in render_decision(record)


@pytest.mark.slow
def test_s2_23_the_explanation_names_the_drawn_hour_and_the_others(live: Running) -> None:
    row = next(one for one in live.decisions() if one["hour_no"] == 3)
    found = explain_decision(live.store, live.lake, load_markets(), "nord", str(row["decision_id"]))
    assert (found.facts["hour"], found.facts["hours_not_drawn"]) == ("19:30", "18:00")
    assert float(found.facts["hour_chance"]) == pytest.approx(row["hour_propensity"])


@pytest.mark.slow
def test_s2_23_a_tick_takes_the_hour_that_is_surely_better_without_any_chance(tmp_path: Path) -> None:
    told = Interval(estimate=0.03, low=0.02, high=0.04, method="test")
    best = Response(cohort="first_time", channel="email", against="", hour_no=3, n=900, difference=told, shrunk=told)
    alone = Running(tmp_path)
    with alone.store.unit_of_work() as uow:
        uow.effects.put(shop_effects(responses=(best,)))
    alone.tick(43, rate=0.0)
    drawn = {(row["chosen"], row["hour_no"]) for row in alone.decisions() if row["hour_no"] is not None}
    assert drawn and {number for chosen, number in drawn if str(chosen).endswith(":email")} == {3}
    given = decision_inputs(alone.store, alone.lake, load_markets(), "nord", alone.world.plan.id)
    assert given is not None
    assert decide_again(given).hashes == tuple(frame.decisions_hash for frame in given.shared.frames)
    alone.store.close()
