"""Lanes are learned from parcels that arrived; few parcels fall back to the market's law, none to a stated one."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.parcels import ABROAD, DOMESTIC, Lane, lanes, lost_parcels, parcels, use_days, without_sent_back

pytestmark = pytest.mark.slow


def parcel(
    facts: Facts,
    number: int,
    days_ago: float,
    took: float | None,
    *,
    market: str = "DE",
    carrier: str = "post",
    **order: object,
) -> str:
    """An order shipped at once, which arrived after `took` days or never."""
    ref = f"#{carrier}{market}{number}"
    facts.order(f"p{carrier}{market}{number}", ago(days_ago), {}, order_ref=ref, market=market, **order)
    facts.add("shipments", ago(days_ago), order_ref=ref, origin="DE", carrier=carrier)
    if took is not None:
        facts.event(f"p{carrier}{market}{number}", ago(days_ago - took), "delivery", order_ref=ref)
    return ref


def found(facts: Facts, tmp_path: Path) -> dict[tuple[str, str], Lane]:
    with facts.open(tmp_path) as view:
        return {(one.carrier, one.market): one for one in lanes(view, SHOP, AS_OF)}


def test_s1_16_a_lane_has_its_own_quantiles_drawn_towards_its_markets(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(300):
        parcel(facts, number, 60, 2 + number % 10)  # 2 to 11 days alike
    for number in range(3):
        parcel(facts, number, 60, 20, carrier="mule")
    known = found(facts, tmp_path)
    post, mule = known["post", "DE"], known["mule", "DE"]
    assert (post.n_parcels, post.n_arrived) == (300, 300)
    assert post.p50_days == pytest.approx(6.5, abs=0.6) and post.p90_days == pytest.approx(10, abs=0.8)
    assert post.scan_rate > 0.95
    assert post.p90_days < mule.p90_days < 12, "three parcels of 20 days say little"


def test_s1_16_what_becomes_known_later_changes_no_figure_of_an_earlier_day(tmp_path: Path) -> None:
    facts, later = Facts(), {"arrived_at": AS_OF + timedelta(days=1)}
    for number in range(40):
        parcel(facts, number, 60, 4)
    before = found(facts, tmp_path / "before")
    first = facts.rows["orders"][0]
    facts.rows["orders"].append({**first, **later, "revision": 2, "is_cancelled": True})
    facts.rows["superseded"] = [{"fact_kind": "orders", "fact_id": first["fact_id"], "revision": 1}]
    n_known = {name: len(rows) for name, rows in facts.rows.items()}
    for number in range(40, 240):
        parcel(facts, number, 60, 20)
    for name in ("orders", "shipments", "events"):
        for row in facts.rows[name][n_known[name] :]:
            row |= later
    assert found(facts, tmp_path / "later")["post", "DE"] == before["post", "DE"]
    with facts.open(tmp_path / "now") as view:
        [now] = lanes(view, SHOP, AS_OF, known_by=AS_OF + timedelta(days=2))
    assert now.n_parcels == 239 and now.p90_days > before["post", "DE"].p90_days + 5


def test_s1_16_where_nothing_arrived_a_stated_law_holds_and_silence_is_no_sign(tmp_path: Path) -> None:
    facts = Facts()
    parcel(facts, 1, 60, None)
    parcel(facts, 2, 60, None, market="US")
    known = found(facts, tmp_path)
    assert (known["post", "DE"].p90_days, known["post", "US"].p90_days) == (DOMESTIC.p90_days, ABROAD.p90_days)
    assert known["post", "DE"].scan_rate == 0


def test_s1_16_an_order_in_two_parcels_arrived_when_the_last_did(tmp_path: Path) -> None:
    facts = Facts()
    ref = parcel(facts, 1, 10, 3)
    facts.add("shipments", ago(9), order_ref=ref, origin="DE", carrier="post")
    with facts.open(tmp_path / "one") as view:
        [row] = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert row["arrived_at"] is None
    facts.event("ppostDE1", ago(2), "delivery", order_ref=ref)
    with facts.open(tmp_path / "both") as view:
        [row] = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert row["arrived_at"] == ago(2)


def test_s1_16_a_parcel_that_was_cancelled_is_not_waited_for(tmp_path: Path) -> None:
    facts = Facts()
    ref = parcel(facts, 1, 10, 3)
    facts.add("shipments", ago(9), order_ref=ref, origin="DE", carrier="post", is_cancelled=True)
    with facts.open(tmp_path) as view:
        [row] = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert (row["arrived_at"], row["started_at"]) == (ago(7), ago(10))


def test_s1_16_of_two_parcels_sent_at_one_instant_always_the_same_one_names_the_lane(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(40):
        facts.order(f"p{number}", ago(10), {}, order_ref=f"#{number}")
        one, other = (("a", "z"), ("z", "a"))[number % 2]
        for carrier in (one, other):
            facts.add("shipments", ago(9), order_ref=f"#{number}", carrier=carrier, fact_id=f"{number}{carrier}")
    with facts.open(tmp_path) as view:
        rows = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert {row["carrier"] for row in rows} == {"z"}


def test_s1_16_shipments_of_files_that_could_not_say_so_were_not_cancelled(tmp_path: Path) -> None:
    facts = Facts()
    ref = parcel(facts, 1, 10, 3)
    known = facts.rows.pop("shipments")
    old = pa.Table.from_pylist(known, LAKE_SCHEMAS["shipments"]).drop_columns(["is_cancelled", "delivery_fact_id"])
    pq.write_table(old, tmp_path / "old.parquet")
    facts.open(tmp_path).backend.close()
    files = Lake(tmp_path).files_of(dict.fromkeys(facts.rows, 0))
    with LakeView({**files, "shipments": [str(tmp_path / "old.parquet")]}) as view:
        [row] = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert (row["order_ref"], row["carrier"], row["origin"]) == (ref, "post", "DE")


def test_s1_16_two_words_of_one_parcel_do_not_make_an_order_of_two_whole(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(10), {}, order_ref="#1")
    for number in (1, 2):
        facts.add("shipments", ago(10), order_ref="#1", delivery_fact_id=f"told{number}")
    facts.event("ann", ago(7), "delivery", order_ref="#1", fact_id="told1")
    facts.event("ann", ago(6), "delivery", order_ref="#1")  # the carrier's own word of the same parcel
    with facts.open(tmp_path / "one") as view:
        [row] = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert row["arrived_at"] is None
    facts.event("ann", ago(2), "delivery", order_ref="#1", fact_id="told2")
    with facts.open(tmp_path / "both") as view:
        [row] = parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert row["arrived_at"] == ago(2)


def test_a_delivery_that_names_no_order_is_of_the_persons_orders_before_it(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(20), {})
    facts.order("ann", ago(2), {})
    facts.event("ann", ago(15), "delivery")
    with facts.open(tmp_path) as view:
        rows = parcels(view, SHOP, AS_OF).order_by("ordered_at").to_pyarrow().to_pylist()
    assert [row["arrived_at"] for row in rows] == [ago(15), None]


def test_s1_17_lost_parcels_are_those_older_than_99_in_100_of_a_lane_that_scans(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(200):
        parcel(facts, number, 60, 4)
    late = parcel(facts, 900, 30, None)
    parcel(facts, 901, 3, None)  # under way
    parcel(facts, 902, 30, None, refunded_minor=5000)  # dealt with
    for number in range(60):
        parcel(facts, number, 60, None, carrier="mute", market="US")
    with facts.open(tmp_path) as view:
        rows = lost_parcels(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert [row["order_ref"] for row in rows] == [late]
    [row] = rows
    assert row["lost_at"].tzinfo is not None
    assert ago(30) + timedelta(days=4) < row["lost_at"] < ago(30) + timedelta(days=7), "99 in 100 take about 4 days"


def test_s1_17_goods_want_to_be_used_by_their_category_and_the_slowest_of_an_order_counts(tmp_path: Path) -> None:
    facts = Facts()
    slow = facts.order("ann", ago(9), {"category": "Skincare"}, {"category": "running"})
    quick = facts.order("bob", ago(9), {"category": "gifts"})
    named = {"Office chairs": 7, "Steamers": 7, "Teak furniture": 7, "Shoes": 10, "Hair & body": 21, "Home/Tea": 10}
    others = {facts.order(f"x{n}", ago(9), {"category": name})["fact_id"]: name for n, name in enumerate(named)}
    with facts.open(tmp_path) as view:
        rows = use_days(view, AS_OF).to_pyarrow().to_pylist()
    found = {row["order_fact_id"]: row["use_days"] for row in rows}
    assert {others.get(each, each): days for each, days in found.items()} == {
        slow["fact_id"]: 21, quick["fact_id"]: 7, **named
    }  # fmt: skip


def test_s1_17_what_went_back_is_not_asked_about(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("kept", ago(9), {"sku": "a"}, order_ref="#1")
    facts.order("part", ago(9), {"sku": "a"}, {"sku": "b"}, order_ref="#2", refunded_minor=2500)
    facts.event("part", ago(2), "return", order_ref="#2", sku="a")
    facts.order("whole", ago(9), {"sku": "a"}, order_ref="#3")
    facts.event("whole", ago(2), "return", order_ref="#3", sku="a")
    facts.order("unnamed", ago(9), {"sku": "a"}, {"sku": "b"}, order_ref="#4")
    facts.event("unnamed", ago(2), "return", order_ref="#4")
    facts.order("refunded", ago(9), {"sku": "a"}, order_ref="#5", refunded_minor=100)
    facts.order("loose", ago(9), {"sku": "a"}, order_ref="#6")
    facts.event("loose", ago(2), "return")
    with facts.open(tmp_path) as view:
        rows = without_sent_back(parcels(view, SHOP, AS_OF), view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert sorted(row["person_id"] for row in rows) == ["kept", "part"]
