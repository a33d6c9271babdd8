"""Lanes: each has its own spread, slips for episodes, loses parcels; what arrives unseen is known to the laws alone."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from eval.gym.behaviour import Orders, Standing, daily_chance
from eval.gym.dates import ANCHOR, FIRST_DAY, N_DAYS
from eval.gym.events import DAY
from eval.gym.lanes import CARE, LANES, LATE, LOST, NEVER_ARRIVES, ON_TIME, Lanes, draw_lanes
from eval.gym.places import PLACES
from eval.gym.responses import Responses
from eval.gym.shop import SyntheticShop, build_shop, start_of


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SyntheticShop]:
    folder = tmp_path_factory.mktemp("lanes")
    return folder, build_shop(folder, n_customers=1_500, seed=7)


def fates(lanes: Lanes, lane: int, day: int, n: int = 20_000) -> np.ndarray:
    luck = np.random.default_rng(1).random(n)
    return lanes.fate(np.full(n, lane), np.full(n, day), luck).outcome


def test_every_market_is_served_and_shares_add_up() -> None:
    for place in PLACES:
        assert sum(lane.share for lane in LANES if lane.destination == place.country) == pytest.approx(1.0)
    where = np.random.default_rng(3).integers(0, len(PLACES), 4_000)
    lane = draw_lanes(np.random.default_rng(4), where)
    assert all(
        LANES[one].destination == PLACES[at].country for one, at in zip(lane.tolist(), where.tolist(), strict=True)
    )


def test_lanes_differ_in_how_often_parcels_are_late() -> None:
    lanes = Lanes(7)
    quiet = int(np.flatnonzero((lanes.slip == 0).all(axis=0))[0])
    late = [(fates(lanes, lane, quiet) == LATE).mean() for lane in range(len(LANES))]
    assert max(late) > 0.1 > 0.05 > min(late)


def test_an_episode_makes_more_parcels_late_than_the_day_before_it() -> None:
    lanes = Lanes(7)
    lane, day = (int(found[0]) for found in np.nonzero((lanes.slip[:, 1:] >= 2) & (lanes.slip[:, :-1] == 0)))
    assert (fates(lanes, lane, day + 1) == LATE).mean() > (fates(lanes, lane, day) == LATE).mean() + 0.1


def test_odds_are_those_of_the_fates() -> None:
    lanes, every = Lanes(7), np.arange(len(LANES))
    for day in (3, 250, 420):
        odds = lanes.odds(every, day)
        assert odds.sum(axis=1) == pytest.approx(np.ones(len(LANES)))
        for lane in (0, 2, 5):
            found = fates(lanes, lane, day)
            shares = [(found == one).mean() for one in (ON_TIME, LATE, LOST)]
            assert shares == pytest.approx(odds[lane].tolist(), abs=0.01)


def test_late_and_lost_parcels_keep_people_away(built: tuple[Path, SyntheticShop]) -> None:
    people, n = built[1].people, built[1].people.n
    tide = np.ones(8)
    chances = [
        daily_chance(people, 500, Standing(np.full(n, 490), np.full(n, one), np.zeros(n)), tide, peak=False)
        for one in (ON_TIME, LATE, LOST)
    ]
    assert (chances[0] > chances[1]).all() and (chances[1] > chances[2]).all()
    assert CARE[0] == 1.0


def test_no_scan_of_a_lost_parcel_and_none_of_some_that_came(built: tuple[Path, SyntheticShop]) -> None:
    folder, shop = built
    orders = shop.orders
    lost, unseen = orders.parcel == LOST, ~orders.scanned & (orders.parcel != LOST)
    assert lost.sum() > 3 and 0.01 < unseen.mean() < 0.15
    assert (orders.arrival_day[lost] == NEVER_ARRIVES).all()
    assert (orders.arrival_day[unseen] < N_DAYS + 90).all()
    rows = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    told = {row["order"] for row in rows if row["kind"] in ("delivery", "return", "review")}
    silent = {f"#{1001 + int(k)}" for k in np.flatnonzero(lost)}
    assert told and not told & silent
    seen = {row["order"] for row in rows if row["kind"] == "delivery"}
    assert not seen & {f"#{1001 + int(k)}" for k in np.flatnonzero(unseen)}


def test_the_true_day_of_arrival_is_that_of_the_scan(built: tuple[Path, SyntheticShop]) -> None:
    folder, shop = built
    for row in map(json.loads, (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()):
        if row["kind"] == "delivery":
            position = int(row["order"][1:]) - 1001
            day = (date.fromisoformat(row["at"][:10]) - FIRST_DAY).days
            assert abs(day - int(shop.orders.arrival_day[position])) <= 1, row


def test_both_worlds_meet_the_same_parcels(built: tuple[Path, SyntheticShop]) -> None:
    start = start_of(built[1])
    first, again = start.parcels(5), start.parcels(5)
    assert (first.outcome == again.outcome).all()
    assert (first.outcome != start.parcels(6).outcome).any()
    outcome = Responses(start).step()
    orders: Orders = outcome.orders
    assert (orders.parcel == start.parcels(0).outcome[orders.person]).all()
    assert DAY == 86_400 and ANCHOR > FIRST_DAY
