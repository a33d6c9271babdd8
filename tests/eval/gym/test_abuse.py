"""Rings of accounts and software: what a shop would see of them, and that they bring no margin."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from eval.gym.abuse import NOBODY, leader_of
from eval.gym.dates import N_DAYS
from eval.gym.effects import SENT_ROWS
from eval.gym.people import make_people
from eval.gym.reactions import mail_events
from eval.gym.shop import SyntheticShop, build_shop
from eval.scoreboard.context import context_of
from eval.scoreboard.crowd import make_crowd
from eval.scoreboard.living import live
from eval.scoreboard.options import Option
from eval.scoreboard.policies import Everything
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SyntheticShop]:
    folder = tmp_path_factory.mktemp("abuse")
    return folder, build_shop(folder, n_customers=2_000, seed=7)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_ring_lives_in_one_street_comes_with_a_welcome_code_and_recommends_itself(
    built: tuple[Path, SyntheticShop],
) -> None:
    folder, shop = built
    people = shop.people
    members = np.flatnonzero(people.abuse.ring != NOBODY)
    assert 0.003 < len(members) / people.n < 0.02
    streets = [row["Default Address Address1"] for row in rows(folder, "customers_export.csv")]
    leader = leader_of(people.abuse)
    assert all(streets[who] == streets[leader[who]] for who in members)
    assert len(set(streets)) == people.n - (leader != np.arange(people.n)).sum()
    first = (shop.orders.day == people.first_day[shop.orders.person]) & np.isin(shop.orders.person, members)
    assert (shop.orders.code[first] > 0).all()
    told = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    pairs = {row["email"]: row["referrer_email"] for row in told if row["kind"] == "referral"}
    names = people.identifier.to_pylist()
    followers = [who for who in members if leader[who] != who and people.first_day[who] < N_DAYS]
    assert followers
    assert all(pairs[names[who]] == names[leader[who]] for who in followers)
    assert len(pairs) > 3 * len(followers)


def test_orders_of_rings_are_charged_back_far_more_often(built: tuple[Path, SyntheticShop]) -> None:
    orders, ring = built[1].orders, built[1].people.abuse.ring
    own = ring[orders.person] != NOBODY
    assert orders.refunded[own].mean() > 3 * orders.refunded[~own].mean()
    marked = {row["Name"] for row in rows(built[0], "orders_export.csv") if row["Risk Level"] == "High"}
    names = np.array([f"#{1001 + k}" in marked for k in range(orders.n)])
    assert names[own].mean() > 0.3 > 0.05 > names[~own].mean() > 0


def test_software_opens_and_clicks_within_seconds_and_some_of_it_says_so() -> None:
    people = make_people(7, 3_000)
    n = people.n
    sent = pa.table(
        [np.arange(n), np.full(n, 10**7), ["newest_goods"] * n, ["email"] * n, ["vip"] * n, [""] * n,
         [f"k{k}" for k in range(n)]],
        schema=SENT_ROWS,
    )  # fmt: skip
    found = mail_events(np.random.default_rng(1), people, sent)
    soon = np.asarray(found["when"]) < 10**7 + 10
    kind, machine = np.array(found["kind"].to_pylist()), np.asarray(found["machine"].fill_null(False))
    clicks = soon & (kind == "mail_click")
    assert set(np.asarray(found["person"])[clicks].tolist()) == set(np.flatnonzero(people.abuse.scans).tolist())
    assert 0.3 < machine[clicks].mean() < 0.9
    assert machine[~soon].sum() == 0 and (soon & (kind == "mail_open") & ~machine).any()


def test_scraped_accounts_read_dozens_of_pages_in_a_minute(built: tuple[Path, SyntheticShop]) -> None:
    folder, shop = built
    names = np.array(shop.people.identifier.to_pylist())[shop.people.abuse.scraped]
    told = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    views = [row for row in told if row["kind"] == "view"]
    per_minute: dict[tuple[str, str], int] = {}
    for row in views:
        key = (row["email"], row["at"][:16])
        per_minute[key] = per_minute.get(key, 0) + 1
    busy = {who for (who, _), n in per_minute.items() if n >= 15}
    assert busy and busy <= set(names.tolist())
    assert 0 < sum("machine" in row for row in views) < sum(row["email"] in set(names.tolist()) for row in views)


def test_messages_to_rings_bring_orders_and_no_margin() -> None:
    crowd = make_crowd(7, 4_000)
    rings = crowd.people.abuse.ring != NOBODY
    only = replace(crowd, cohort=np.where(rings & (crowd.cohort >= 0), crowd.cohort, -1))
    assert 0 < len(only.members) < 100
    menu = tuple(
        Option(f"{k}-{day}", day, k, "discount_offer", "promotional", 0, "", 0.2, 0.2, only_away=False)
        for k in range(len(COHORTS))
        for day in range(10, 90, 3)
    )
    found = live(
        only, Everything(menu, Brief()), {}, context_of(crowd).guardrails, holdout_rate=0.0, budget_minor=10**9,
        obeys=False,
    )  # fmt: skip
    assert found.n_sent > 0 and found.n_orders_with > found.n_orders_without
    assert found.margin_minor == 0.0 and found.net_minor < 0.0
