import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from eval.gym.behaviour import NEVER
from eval.gym.catalogue import Ints
from eval.gym.dates import N_DAYS
from eval.gym.effects import SENT_ROWS, Attention
from eval.gym.people import make_people
from eval.gym.periods import write_period
from eval.gym.reactions import Terms
from eval.gym.responses import DayOutcome, Responses
from eval.gym.shop import SyntheticShop, build_shop, start_of

pytestmark = pytest.mark.slow

TERMS = {"credit": Terms(rate=0.0, fixed_minor=800, min_spend_minor=3000, ships_free=False)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> SyntheticShop:
    return build_shop(tmp_path_factory.mktemp("shop"), n_customers=2500, seed=7)


def messages(person: Ints, day: int, kind: str = "category_series", offer: str = "") -> pa.Table:
    n = len(person)
    return pa.table(
        [
            person,
            np.full(n, day * 86_400 + 36_000),
            [kind] * n,
            ["email"] * n,
            ["first_time"] * n,
            [offer] * n,
            [f"{day}-{who}" for who in person],
        ],
        schema=SENT_ROWS,
    )


def run(
    shop: SyntheticShop, treated: Ints, days: int = 40, every: int = 5, offer: str = ""
) -> tuple[Responses, list[DayOutcome]]:
    responses = Responses(start_of(shop), TERMS)
    outcomes = []
    for day in range(days):
        who = treated if day % every == 0 else treated[:0]
        outcomes.append(responses.step(messages(who, N_DAYS + day, offer=offer)))
    return responses, outcomes


def test_s2_58_the_true_effect_is_known_and_positive_where_messages_went(shop: SyntheticShop) -> None:
    everyone = np.arange(shop.people.n)
    treated, control = everyone[everyone % 2 == 0], everyone[everyone % 2 == 1]
    responses, _ = run(shop, treated)
    truth = responses.truth(treated)
    assert truth.effect_pp > 0.5
    assert truth.effect_pp == pytest.approx(100 * (truth.rpr_with - truth.rpr_without))
    assert truth.n_people == len(treated)
    assert responses.truth(control).effect_pp == 0.0


def test_without_messages_both_worlds_are_one(shop: SyntheticShop) -> None:
    responses, _ = run(shop, np.arange(0))
    truth = responses.truth(np.arange(shop.people.n))
    assert truth.effect_pp == 0.0
    assert truth.n_repeat_with > 0


def test_the_world_without_messages_does_not_feel_them(shop: SyntheticShop) -> None:
    treated = np.arange(0, shop.people.n, 2)
    with_messages, _ = run(shop, treated)
    without, _ = run(shop, np.arange(0))
    assert with_messages.truth(treated).n_repeat_without == without.truth(treated).n_repeat_with


def test_s2_68_too_many_messages_work_less_and_drive_people_away() -> None:
    people = make_people(7, 50)
    calm, pestered = Attention(people), Attention(people)
    calm.read(messages(np.array([3]), 0))
    for _ in range(6):
        annoyance = pestered.read(messages(np.array([3]), 0))
    assert annoyance[0] > calm.read(messages(np.array([4]), 0))[0]
    assert pestered.lift[3] < 6 * calm.lift[3]


def test_an_effect_fades_within_weeks() -> None:
    attention = Attention(make_people(7, 5))
    attention.read(messages(np.array([2]), 0))
    fresh = attention.lift[2]
    for _ in range(14):
        attention.fade()
    assert 0.1 * fresh < attention.lift[2] < 0.2 * fresh


def test_an_offer_is_used_once_and_costs_what_its_terms_say(shop: SyntheticShop) -> None:
    everyone = np.arange(shop.people.n)
    _, outcomes = run(shop, everyone, days=30, every=60, offer="credit")
    used = [
        (int(person), int(off))
        for day in outcomes
        for person, off, offer in zip(day.orders.person, day.orders.discount, day.offers.to_pylist(), strict=True)
        if offer == "credit"
    ]
    assert used
    assert len({person for person, _ in used}) == len(used)
    euro = {off for person, off in used if shop.people.place[person] == 2}
    assert euro == {800}


def test_people_without_an_order_never_react(shop: SyntheticShop) -> None:
    start = start_of(shop)
    never = start._replace(last_day=np.full(shop.people.n, NEVER))
    responses = Responses(never)
    assert responses.step(messages(np.arange(shop.people.n), N_DAYS)).orders.n == 0


def test_s2_45_people_who_unsubscribe_are_written_as_revocations(shop: SyntheticShop, tmp_path: Path) -> None:
    _, outcomes = run(shop, np.arange(shop.people.n), days=12, every=1)
    written = dict(write_period(tmp_path, start_of(shop), outcomes))
    rows = [json.loads(line) for line in written["consent"].read_text(encoding="utf-8").splitlines()]
    assert len(rows) == sum(day.unsubscribed.num_rows for day in outcomes) > 0
    assert all(row["status"] == "revoked" and row["suppressed"] is True for row in rows)


def test_a_period_is_written_in_the_vendors_formats_and_counts_on(shop: SyntheticShop, tmp_path: Path) -> None:
    _, outcomes = run(shop, np.arange(0, shop.people.n, 2), days=9)
    files = [dict(write_period(tmp_path, start_of(shop), outcomes[k : k + 3])) for k in (0, 3, 6)]
    names: list[str] = []
    for period in files:
        with period["shopify-orders"].open(encoding="utf-8", newline="") as handle:
            names += [row["Name"] for row in csv.DictReader(handle) if row["Total"]]
    assert names == [f"#{1001 + shop.orders.n + k}" for k in range(len(names))]
    events = [json.loads(line) for line in files[0]["events"].read_text(encoding="utf-8").splitlines()]
    assert {"delivery", "mail_open", "mail_click"} <= {event["kind"] for event in events}
    assert all("2025-12-01T23:00:00Z" <= event["at"] < "2025-12-04T23:00:00Z" for event in events)
    assert any(event.get("machine") for event in events)


def test_another_process_sees_the_same_future(shop: SyntheticShop, tmp_path: Path) -> None:
    code = (
        "import numpy as np; from pathlib import Path\n"
        "from eval.gym.shop import build_shop\n"
        "from tests.eval.gym.test_responses import run\n"
        f"shop = build_shop(Path({str(tmp_path)!r}), n_customers=2500, seed=7)\n"
        "print(run(shop, np.arange(0, 2500, 2))[0].truth(np.arange(0, 2500, 2)).model_dump_json())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=90)
    responses, _ = run(shop, np.arange(0, 2500, 2))
    assert done.stdout.strip() == responses.truth(np.arange(0, 2500, 2)).model_dump_json()
