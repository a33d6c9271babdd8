import csv
import hashlib
import json
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from eval.gym.dates import ANCHOR, PEAK_DAYS
from eval.gym.shop import SyntheticShop, build_shop
from eval.gym.shopify_headers import CUSTOMER_COLUMNS, ORDER_COLUMNS, PRODUCT_COLUMNS

N = 600


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SyntheticShop]:
    folder = tmp_path_factory.mktemp("shop")
    return folder, build_shop(folder, n_customers=N, seed=7)


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _lines(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def test_another_process_writes_the_same_bytes(built: tuple[Path, SyntheticShop], tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from eval.gym.shop import build_shop; "
        f"build_shop(Path({str(tmp_path)!r}), n_customers={N}, seed=7)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env={"PYTHONHASHSEED": "99"})
    assert _hashes(tmp_path) == _hashes(built[0])


def test_another_seed_makes_another_shop(built: tuple[Path, SyntheticShop], tmp_path: Path) -> None:
    build_shop(tmp_path, n_customers=N, seed=8)
    ours, theirs = _hashes(built[0]), _hashes(tmp_path)
    assert all(ours[name] != theirs[name] for name in ("orders_export.csv", "events.jsonl", "customers_export.csv"))


def test_s2_07_the_files_have_the_vendors_headers(built: tuple[Path, SyntheticShop]) -> None:
    folder, _ = built
    for name, header in (
        ("orders_export.csv", ORDER_COLUMNS),
        ("customers_export.csv", CUSTOMER_COLUMNS),
        ("products_export.csv", PRODUCT_COLUMNS),
    ):
        with (folder / name).open(encoding="utf-8", newline="") as handle:
            assert tuple(next(csv.reader(handle))) == header
    assert len(ORDER_COLUMNS) == 79


def test_order_fields_stand_on_the_first_line_only_and_add_up(built: tuple[Path, SyntheticShop]) -> None:
    folder, shop = built
    rows = _rows(folder, "orders_export.csv")
    firsts = [row for row in rows if row["Total"]]
    assert len(firsts) == shop.orders.n
    assert len(rows) > len(firsts)
    for row, before in pairwise(rows):
        if not before["Total"]:
            assert before["Name"] == row["Name"]
    for row in firsts:
        places = 0 if row["Currency"] == "JPY" else 2
        total = float(row["Subtotal"]) + float(row["Shipping"]) + float(row["Taxes"])
        assert round(total, places) == float(row["Total"])
        lines = [line for line in rows if line["Name"] == row["Name"]] if row["Name"] == "#1001" else []
        goods = sum(float(line["Lineitem price"]) * int(line["Lineitem quantity"]) for line in lines)
        assert not lines or round(goods - float(row["Discount Amount"]), 2) == float(row["Subtotal"])


def test_line_discounts_add_up_to_the_orders(built: tuple[Path, SyntheticShop]) -> None:
    folder, _ = built
    sums: dict[str, float] = {}
    stated: dict[str, float] = {}
    for row in _rows(folder, "orders_export.csv"):
        sums[row["Name"]] = sums.get(row["Name"], 0.0) + float(row["Lineitem discount"])
        if row["Total"]:
            stated[row["Name"]] = float(row["Discount Amount"])
    assert {name: round(value, 2) for name, value in sums.items()} == stated
    assert any(stated.values())


def test_nobody_is_real_and_no_address_is_shared(built: tuple[Path, SyntheticShop]) -> None:
    folder, _ = built
    rows = _rows(folder, "customers_export.csv")
    addresses = [row["Email"] for row in rows]
    assert all(address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == N
    numbers = [row["Phone"] for row in rows if row["Phone"]]
    assert numbers
    assert len(set(numbers)) == len(numbers)
    names = "".join(row["First Name"] + row["Last Name"] for row in rows)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in names)
    assert any("\u0590" <= letter <= "\u06ff" for letter in names)


def test_the_records_end_where_the_plan_begins(built: tuple[Path, SyntheticShop]) -> None:
    folder, shop = built
    last = max(row["Created at"] for row in _rows(folder, "orders_export.csv") if row["Total"])
    assert last[:10] == "2025-12-01"
    assert max(str(event["at"]) for event in _lines(folder, "events.jsonl")) < "2025-12-01T23:00:00Z"
    assert shop.pending.num_rows > 0
    assert date(2025, 12, 2) == ANCHOR


def test_the_peak_stands_out_and_every_market_is_there(built: tuple[Path, SyntheticShop]) -> None:
    folder, _ = built
    firsts = [row for row in _rows(folder, "orders_export.csv") if row["Total"]]
    start, end = (day.isoformat() for day in PEAK_DAYS[1])
    in_peak = sum(start <= row["Created at"][:10] <= end for row in firsts)
    assert in_peak / 4 > 5 * len(firsts) / 396
    assert {row["Shipping Country"] for row in firsts} == {"US", "GB", "DE", "FR", "JP"}
    assert {row["Currency"] for row in firsts} == {"USD", "GBP", "EUR", "JPY"}


def test_events_cover_the_whole_way(built: tuple[Path, SyntheticShop]) -> None:
    kinds = {str(event["kind"]) for event in _lines(built[0], "events.jsonl")}
    assert kinds == {"view", "cart", "app_open", "delivery", "return", "review", "referral"}
    states = {(row["channel"], row["status"]) for row in _lines(built[0], "consent.jsonl")}
    assert {("email", "granted"), ("sms", "granted"), ("push", "granted"), ("email", "revoked")} <= states


def test_s1_53_the_ledger_starts_below_the_band(built: tuple[Path, SyntheticShop]) -> None:
    rows = _rows(built[0], "spend.csv")
    kept = sum(float(row["amount"]) for row in rows if row["stage"] == "post_purchase")
    share = kept / sum(float(row["amount"]) for row in rows)
    assert np.isclose(share, 0.13, atol=0.005)
