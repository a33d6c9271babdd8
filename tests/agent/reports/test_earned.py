"""The earned report of a live plan: counts per offer, nothing for the withheld, no one's name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.reports import PlanEarned, earned_report, render_earned
from agent.reports.earned import OfferEarned
from agent.reports.earned_words import REASONS
from agent.tick import go_live
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World, a_world
from tests.factories.facts import Facts
from tools.offers.earned import window_of

pytestmark = pytest.mark.slow

KEY = b"a key for tests only, 32 bytes.."
AS_OF = datetime(2027, 4, 1, tzinfo=UTC)
MISSION_AT, REFERRED_AT = datetime(2027, 1, 20, 12, tzinfo=UTC), datetime(2027, 2, 12, 12, tzinfo=UTC)


@pytest.fixture
def world(store: Store, lake: Lake) -> World:
    found = a_world(store, lake, 40)
    go_live(store, lake, ManualClock(LIVE_AT), KEY, found.approved)
    return found


def _arms(store: Store, world: World) -> dict[str, list[str]]:
    with store.read() as uow:
        rows = uow.assignments.arms("nord", world.plan.holdout.experiment_id).to_pylist()
    return {arm: sorted(row["person_id"] for row in rows if row["arm"] == arm) for arm in ("treated", "control")}


def _add(store: Store, lake: Lake, facts: Facts) -> None:
    """Append facts as a new data version; their ids differ from those the world has."""
    versions = {}
    for name, rows in facts.rows.items():
        told = [row | {"fact_id": f"later{number}", "shop_id": "nord"} for number, row in enumerate(rows)]
        versions[name] = lake.append(name, pa.Table.from_pylist(told, LAKE_SCHEMAS[name]))
    with store.unit_of_work() as uow:
        uow.versions.add(versions, "what people did", AS_OF)


def _mission(facts: Facts, *people: str) -> None:
    for person in people:
        facts.event(person, MISSION_AT, "app_open", channel="app")
        facts.event(person, MISSION_AT, "view", sku="new-coat")
        facts.order(person, MISSION_AT + timedelta(days=1), subtotal_minor=5000, order_ref=f"m-{person}")


def _referral(facts: Facts, referrer: str, friend: str, **order: int) -> None:
    facts.referral(referrer, friend, REFERRED_AT)
    facts.order(friend, REFERRED_AT + timedelta(days=1), order_ref=f"r-{friend}", **{"subtotal_minor": 7500, **order})


def _by_kind(found: PlanEarned, kind: str) -> dict[str, tuple[int, int, int, int]]:
    offers: list[OfferEarned] = [offer for offer in found.offers if offer.kind == kind]
    sums: dict[str, tuple[int, int, int, int]] = {}
    for tally in (tally for offer in offers for tally in offer.tallies):
        before = sums.get(f"{tally.status} {tally.reason}".strip(), (0, 0, 0, 0))
        more = (tally.n_uses, tally.n_people, tally.points, tally.amount_minor)
        sums[f"{tally.status} {tally.reason}".strip()] = tuple(  # type: ignore[assignment]
            one + other for one, other in zip(before, more, strict=True)
        )
    return sums


def test_s2_54_s2_55_the_report_counts_what_a_live_plan_earned_people(store: Store, lake: Lake, world: World) -> None:
    arms, facts = _arms(store, world), Facts()
    treated, withheld = arms["treated"], arms["control"][0]
    facts.add("products", MISSION_AT - timedelta(days=10), sku="new-coat")
    _mission(facts, treated[0], treated[1], withheld)
    _referral(facts, treated[2], "friend1")
    _referral(facts, treated[3], "friend2", refunded_minor=7500)
    _referral(facts, treated[4], "friend3")
    facts.household("elm street 5", treated[4], "friend3")
    _referral(facts, withheld, "friend4")
    _add(store, lake, facts)
    found = earned_report(store, lake, "nord", world.plan.id, AS_OF)
    assert _by_kind(found, "mission") == {"earned": (2, 2, 600, 600)}
    assert _by_kind(found, "referral") == {
        "earned": (1, 2, 0, 2000),
        "clawed_back refunded": (1, 2, 0, 2000),
        "blocked same_household": (1, 2, 0, 2000),
    }
    assert sum(offer.n_could for offer in found.offers if offer.kind == "mission") == len(treated)
    assert earned_report(store, lake, "nord", world.plan.id, AS_OF) == found
    dumped = found.model_dump_json()
    assert not [person for person in (*world.people, "friend1", "friend2") if person in dumped]
    english, chinese = render_earned(found, "en"), render_earned(found, "zh")
    assert "blocked (friend lives in the same household): 1 referrals, 2 people: 20.00 EUR" in english
    assert "converted at the newest rate on or before the order's UTC day" in english
    assert "已收回 (退款后金额不足)" in chinese
    assert "汇率换算" in chinese


def test_s2_54_a_mission_without_dated_new_goods_says_so(store: Store, lake: Lake, world: World) -> None:
    found = earned_report(store, lake, "nord", world.plan.id, AS_OF)
    assert {offer.n_new_goods for offer in found.offers if offer.kind == "mission"} == {0}
    assert "nobody can view new goods" in render_earned(found)
    assert "Nothing yet." in render_earned(found)


def test_a_plan_that_never_went_live_has_nothing_to_count(store: Store, lake: Lake) -> None:
    world = a_world(store, lake, 10)
    with pytest.raises(NotReady, match="never went live"):
        earned_report(store, lake, "nord", world.plan.id, AS_OF)


def test_every_reason_is_said_in_both_languages() -> None:
    source = "".join(path.read_text() for path in Path("tools/offers/earned").glob("*.py"))
    assert set(REASONS["en"]) == set(REASONS["zh"])
    assert not [reason for reason in REASONS["en"] if f'"{reason}"' not in source]


def test_s1_17_the_report_counts_photo_reviews_once_per_person(store: Store, lake: Lake, world: World) -> None:
    facts, treated = Facts(), _arms(store, world)["treated"]
    offer = next(one for one in world.plan.offers if one.id == "first_time.review_points")
    at = window_of(offer, world.shop).starts_at + timedelta(days=1)
    for person in (treated[0], treated[0], treated[1]):
        facts.event(person, at, "photo_review")
    _add(store, lake, facts)
    found = earned_report(store, lake, "nord", world.plan.id, AS_OF)
    assert _by_kind(found, "review") == {"earned": (2, 2, 200, 200)}
    assert "2 people reviewed: 200 points" in render_earned(found)
    assert "2 人发表带图评价" in render_earned(found, "zh")
