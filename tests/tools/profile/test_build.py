from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pytest
from ibis.config import Config

from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.backends import spark_compiler
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.profile import build_profiles

pytestmark = pytest.mark.slow


class SparkOptions(Config):  # type: ignore[misc]
    treat_nan_as_null: bool = False


def profiles(facts: Facts, root: Path, as_of: datetime = AS_OF, **more: Any) -> dict[str, dict[str, Any]]:
    with facts.open(root, **more) as view:
        table = build_profiles(view, SHOP, as_of).to_pyarrow()
    assert table.schema.equals(PROFILE_SCHEMA)
    rows = {row["person_id"]: row for row in table.to_pylist()}
    assert len(rows) == table.num_rows
    return rows


def test_recency_frequency_and_money_are_those_computed_by_hand(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(100), subtotal_minor=1000, n_items=2)
    facts.order("ann", ago(60), subtotal_minor=4000, refunded_minor=1000, n_items=1)
    facts.order("ann", ago(20), subtotal_minor=3000, n_items=3)
    ann = profiles(facts, tmp_path)["ann"]
    assert (ann["recency_days"], ann["n_orders"], ann["revenue_minor"], ann["aov_minor"]) == (20, 3, 7000, 2333)
    assert (ann["first_order_at"], ann["previous_order_at"], ann["last_order_at"]) == (ago(100), ago(60), ago(20))
    assert (ann["n_items"], ann["items_per_order"], ann["days_between_orders"]) == (6, 2.0, 40.0)


def test_recency_counts_whole_days_of_24_hours_and_no_midnights(tmp_path: Path) -> None:
    facts = Facts()
    as_of = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
    facts.order("late", datetime(2026, 1, 1, 23, 0, tzinfo=UTC))
    facts.order("almost", datetime(2026, 1, 1, 1, 0, 1, tzinfo=UTC))
    facts.order("day", datetime(2026, 1, 1, 1, 0, 0, tzinfo=UTC))
    rows = profiles(facts, tmp_path, as_of)
    assert {name: row["recency_days"] for name, row in rows.items()} == {"late": 0, "almost": 0, "day": 1}


def test_orders_that_are_no_purchases_do_not_count(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(90), subtotal_minor=2000)
    facts.order("ann", ago(9), {"category": "cancelled"}, is_cancelled=True)
    facts.order("ann", ago(8), {"category": "unpaid"}, is_paid=False)
    facts.order("ann", ago(7), {"category": "refunded"}, subtotal_minor=2000, refunded_minor=2000)
    facts.order("ann", datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC), {"category": "later"})
    facts.order(None, ago(5))
    rows = profiles(facts, tmp_path)
    assert set(rows) == {"ann"}
    ann = rows["ann"]
    assert (ann["n_orders"], ann["revenue_minor"], ann["recency_days"]) == (1, 2000, 90)
    assert (ann["n_categories"], ann["top_category"], ann["days_between_orders"]) == (0, None, None)


def test_s2_61_all_six_families_of_features_that_predict_repeat_are_there(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(40), subtotal_minor=7500, discount_minor=2500, n_items=4, n_gift_items=1)
    facts.order("ann", ago(30), subtotal_minor=5000, n_items=2)
    facts.event("ann", ago(35), "delivery", value=3.0)
    facts.event("ann", ago(25), "delivery", value=0.0)
    facts.event("ann", ago(20), "return")
    facts.event("ann", ago(10), "mail_open")
    facts.event("ann", ago(10), "mail_open", is_machine=True)
    facts.event("ann", ago(9), "mail_click")
    facts.event("ann", ago(8), "app_open", device="app")
    facts.event("ann", ago(91), "view")
    facts.event("ann", ago(90, -1), "view")
    facts.event("ann", ago(3), "review", value=5.0)
    ann = profiles(facts, tmp_path)["ann"]
    discount = (ann["discount_depth_rate"], ann["discount_order_share"], ann["first_order_discount_rate"])
    assert discount == (0.125, 0.5, 0.25)
    assert ann["gift_share"] == pytest.approx(1 / 6)
    assert ann["items_per_order"] == 3.0
    assert (ann["n_deliveries"], ann["late_delivery_share"]) == (2, 0.5)
    assert (ann["n_returns"], ann["return_share"]) == (1, 0.5)
    engagement = ("n_views_90d", "n_app_opens_90d", "n_mail_opens_90d", "n_mail_clicks_90d", "n_reviews")
    assert [ann[name] for name in engagement] == [1, 1, 1, 1, 1]
    assert (ann["last_seen_at"], ann["device"]) == (ago(3), "app")


def test_s2_11_category_preference_counts_units_and_takes_missing_categories_from_the_catalogue(tmp_path: Path) -> None:
    facts = Facts()
    facts.add("products", ago(900), sku="sock", category="socks")
    facts.order(
        "ann", ago(50), {"sku": "shoe", "category": "running"}, {"sku": "sock", "category": None, "quantity": 3}
    )
    ann = profiles(facts, tmp_path)["ann"]
    assert (ann["top_category"], ann["top_category_share"], ann["n_categories"]) == ("socks", 0.75, 2)
    assert (ann["first_sku"], ann["first_category"]) == ("sock", "socks")


def test_first_purchase_is_the_dearest_line_of_the_first_order(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(50), {"sku": "cheap", "unit_price_minor": 100}, {"sku": "dear", "unit_price_minor": 900})
    facts.order("ann", ago(10), {"sku": "later", "unit_price_minor": 9900}, origin="tiktok", is_referred=True)
    ann = profiles(facts, tmp_path)["ann"]
    assert (ann["first_sku"], ann["origin"], ann["is_referred"]) == ("dear", None, False)


def test_s2_04_channel_mix_comes_from_own_orders(tmp_path: Path) -> None:
    facts = Facts()
    for days, channel in enumerate(("web", "web", "app", "store"), start=1):
        facts.order("ann", ago(days), channel=channel)
    ann = profiles(facts, tmp_path)["ann"]
    shares = [ann[f"{channel}_share"] for channel in ("web", "app", "store", "marketplace")]
    assert shares == [0.5, 0.25, 0.25, 0.0]


def test_latest_consent_counts_and_suppression_always_wins(tmp_path: Path) -> None:
    facts = Facts()
    facts.consent("granted", ago(9))
    facts.consent("revoked", ago(9))
    facts.consent("revoked", ago(3), status="revoked")
    facts.consent("both", ago(3))
    facts.consent("both", ago(3), status="revoked")
    facts.consent("bounced", ago(9), is_suppressed=True)
    facts.consent("bounced", ago(3))
    facts.consent("service", ago(3), purpose="service")
    facts.consent("sms", ago(3), "sms")
    rows = profiles(facts, tmp_path)
    assert [name for name, row in rows.items() if row["consent_email"]] == ["granted"]
    assert [name for name, row in rows.items() if row["consent_sms"]] == ["sms"]


def test_people_without_orders_have_counts_of_zero_and_no_shares(tmp_path: Path) -> None:
    facts = Facts()
    facts.add("people", ago(9), subject_id="ben", market="FR", language="fr", zone="Europe/Paris")
    ben = profiles(facts, tmp_path)["ben"]
    assert (ben["market"], ben["language"], ben["zone"]) == ("FR", "fr", "Europe/Paris")
    assert (ben["n_orders"], ben["revenue_minor"], ben["n_returns"]) == (0, 0, 0)
    absent = ("recency_days", "aov_minor", "return_share", "web_share", "r_quintile", "last_seen_at", "gift_share")
    assert [ben[name] for name in absent] == [None] * len(absent)


def test_market_is_said_then_delivered_then_home(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("said", ago(9), market="AT")
    facts.add("people", ago(9), subject_id="said", market="CH")
    facts.order("delivered", ago(9), market="AT")
    facts.order("delivered", ago(3), market="NL")
    facts.order("nowhere", ago(9), market=None)
    rows = profiles(facts, tmp_path)
    assert {name: row["market"] for name, row in rows.items()} == {"said": "CH", "delivered": "NL", "nowhere": "DE"}


def test_rfm_quintiles_are_equal_fifths_with_ties_told_apart(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(10):
        facts.order(f"p{number}", ago(number + 1), subtotal_minor=1000)
    rows = profiles(facts, tmp_path)
    assert [rows[f"p{number}"]["r_quintile"] for number in range(10)] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [rows[f"p{number}"]["f_quintile"] for number in range(10)] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [rows[f"p{number}"]["m_quintile"] for number in range(10)] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_merged_records_are_one_person_and_other_shops_stay_out(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("laptop", ago(9))
    facts.order("phone", ago(4))
    facts.order("stranger", ago(4), shop_id="south")
    rows = profiles(facts, tmp_path, identities=[("phone", "laptop")])
    assert {name: row["n_orders"] for name, row in rows.items()} == {"laptop": 2}


def test_two_orders_of_the_same_instant_are_ordered_by_id(tmp_path: Path) -> None:
    facts = Facts()
    pair = [facts.order("ann", ago(9), origin=origin) for origin in ("first", "second")]
    expected = min(pair, key=lambda order: order["fact_id"])["origin"]
    ann = profiles(facts, tmp_path)["ann"]
    assert (ann["origin"], ann["previous_order_at"], ann["days_between_orders"]) == (expected, ago(9), 0.0)


def test_the_expression_also_compiles_for_spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())  # set by pyspark's import
    facts = Facts()
    facts.order("ann", ago(9), {})
    facts.event("ann", ago(9))
    with facts.open(tmp_path) as view:
        sql = spark_compiler().to_sqlglot(build_profiles(view, SHOP, AS_OF).unbind()).sql("spark")
    assert "NTILE" in sql
