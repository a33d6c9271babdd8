"""S1-24, S1-36: members buy unreleased goods hours before others, by their own clock, and never more than there are."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from agent.loyalty.early_access import asker_of, claim, set_aside
from memory.domain.early_access import ClaimResult, Drop
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.loyalty import EarlyPurchase, LoyaltyProgramme, Tier, TierRule
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import a_programme, at, eur, joined

pytestmark = pytest.mark.slow
DROP = Drop(id="coat", sku="coat", hours=48, public_on=date(2027, 3, 10), public_minute=9 * 60, n_total=3)
SET_AT = at(1)
HOUR = timedelta(hours=1)


def early(hours: int) -> tuple[EarlyPurchase, ...]:
    return (EarlyPurchase(hours=hours, cost=eur(0)),)


PROGRAMME: LoyaltyProgramme = a_programme(
    tier_rule=TierRule(
        basis="spend",
        tiers=(
            Tier(id="bronze", min_spend_minor=0, min_orders=0),
            Tier(id="gold", min_spend_minor=10_000, min_orders=1, privileges=early(24)),
            Tier(id="diamond", min_spend_minor=90_000, min_orders=9, privileges=early(72)),
        ),
    )
)


def stock(facts: Facts, until: date | None = date(2027, 3, 10), **values: Any) -> None:
    facts.add("products", SET_AT, sku="coat", unreleased_until=until, **values)


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    for person, minor in (("bronze", 0), ("gold", 10_000), ("diamond", 90_000)):
        joined(found, person)
        if minor:
            found.order(person, at(5), subtotal_minor=minor)
    found.order("stranger", at(5), subtotal_minor=90_000)
    stock(found)
    return found


def stand(store: Store, lake: Lake, facts: Facts, drop: Drop = DROP) -> None:
    settle(store, lake, facts, SET_AT, PROGRAMME)
    with store.unit_of_work() as uow:
        set_aside(uow, lake, SHOP, drop)


def ask(store: Store, lake: Lake, person: str, when: datetime, drop: str = "coat") -> ClaimResult:
    with store.read() as uow:
        asker = asker_of(uow, lake, SHOP, drop, person, when)
    with store.unit_of_work() as uow:
        return claim(uow, SHOP, drop, asker, when)


def live_in(store: Store, person: str, *zones: str) -> None:
    with store.unit_of_work() as uow:
        uow.person_state.upsert(SHOP.shop_id, pa.table({"person_id": [person], "zones": [list(zones)]}))


def codes(found: Iterable[ClaimResult]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("zone", "public"),
    [
        ("Europe/Berlin", datetime(2027, 3, 10, 8, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2027, 3, 10, 17, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2027, 3, 10, 0, tzinfo=UTC)),
    ],
)
def test_s1_36_it_opens_hours_before_nine_on_the_customers_own_clock(
    store: Store, lake: Lake, facts: Facts, zone: str, public: datetime
) -> None:
    stand(store, lake, facts)
    live_in(store, "gold", zone)
    live_in(store, "diamond", zone)
    second = timedelta(seconds=1)
    assert codes([ask(store, lake, "gold", public - 24 * HOUR - second)]) == ["too_early"]
    assert codes([ask(store, lake, "diamond", public - 48 * HOUR - second)]) == ["too_early"]
    assert codes([ask(store, lake, "diamond", public - 48 * HOUR)]) == ["claimed"]
    found = ask(store, lake, "gold", public - 24 * HOUR)
    assert (found.code, found.opens_at, found.public_at) == ("claimed", public - 24 * HOUR, public)


def test_s1_36_hours_are_real_ones_where_the_clock_changes() -> None:
    """The night before 28 March 2027 has 23 hours in Berlin."""
    drop = DROP.model_copy(update={"public_on": date(2027, 3, 28)})
    assert drop.opens_at("Europe/Berlin", 24) == datetime(2027, 3, 27, 7, tzinfo=UTC)
    assert drop.public_at("Europe/Berlin") == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_s1_24_non_members_and_tiers_without_the_privilege_are_refused(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    open_for_all = datetime(2027, 3, 10, 7, tzinfo=UTC)
    found = [ask(store, lake, person, open_for_all) for person in ("stranger", "nobody", "bronze")]
    assert codes(found) == ["not_a_member", "not_a_member", "no_privilege"]
    assert [one.n_left for one in found] == [3, 3, 3]
    with pytest.raises(NotFound, match="hat"):
        ask(store, lake, "gold", open_for_all, "hat")


def test_s1_24_once_it_is_for_everybody_nothing_is_set_aside_any_more(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    public = datetime(2027, 3, 10, 8, tzinfo=UTC)
    assert codes(ask(store, lake, "gold", when) for when in (public - HOUR, public - HOUR, public)) == [
        "claimed", "already_claimed", "already_claimed",
    ]  # fmt: skip
    assert codes([ask(store, lake, "diamond", public)]) == ["public"]


def test_s1_24_accounts_that_turn_out_to_be_one_person_have_one_between_them(
    store: Store, lake: Lake, facts: Facts
) -> None:
    stand(store, lake, facts)
    when = datetime(2027, 3, 10, 7, tzinfo=UTC)
    assert codes([ask(store, lake, "gold", when)]) == ["claimed"]
    with store.unit_of_work() as uow:
        uow.identities.move({"gold": "diamond"})
    found = [ask(store, lake, person, when) for person in ("diamond", "gold")]
    assert [(one.code, one.n_left) for one in found] == [("already_claimed", 2)] * 2


def test_s1_24_who_took_one_a_moment_ago_under_another_account_takes_none(
    store: Store, lake: Lake, facts: Facts
) -> None:
    """What two requests at once come to: the second one asks the store after the first has its piece."""
    stand(store, lake, facts)
    with store.unit_of_work() as uow:
        took = [
            uow.early_access.claim(SHOP.shop_id, "coat", who, {"gold", "diamond"}, SET_AT)
            for who in ("gold", "diamond")
        ]
        assert (took, uow.early_access.get(SHOP.shop_id, "coat").n_taken) == ([True, False], 1)


def test_s1_36_where_several_zones_may_be_theirs_it_opens_by_the_last(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    live_in(store, "gold", "America/New_York", "America/Los_Angeles")
    assert ask(store, lake, "gold", at(6)).opens_at == datetime(2027, 3, 9, 17, tzinfo=UTC)


def test_s1_36_the_catalogues_day_of_release_is_kept(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, SET_AT, PROGRAMME)
    with store.unit_of_work() as uow, pytest.raises(InvalidInput, match="unreleased until 2027-03-10"):
        set_aside(uow, lake, SHOP, DROP.model_copy(update={"public_on": date(2027, 3, 9)}))
    with store.unit_of_work() as uow, pytest.raises(InvalidInput, match="does not hold it"):
        set_aside(uow, lake, SHOP, DROP.model_copy(update={"sku": "hat"}))
    with store.unit_of_work() as uow:
        set_aside(uow, lake, SHOP, DROP)
    facts.rows["products"][0]["unreleased_until"] = date(2027, 3, 20)  # put off after it was promised
    settle(store, lake, facts, SET_AT)
    assert codes([ask(store, lake, "gold", datetime(2027, 3, 10, 7, tzinfo=UTC))]) == ["too_early"]
    assert codes([ask(store, lake, "gold", datetime(2027, 3, 20, 7, tzinfo=UTC))]) == ["claimed"]


def test_s1_36_what_everybody_may_buy_is_not_set_aside(store: Store, lake: Lake) -> None:
    facts = Facts()
    stock(facts, None)
    settle(store, lake, facts, SET_AT, PROGRAMME)
    with store.unit_of_work() as uow, pytest.raises(InvalidInput, match="everybody may buy it"):
        set_aside(uow, lake, SHOP, DROP)


def test_s1_36_limited_goods_are_never_oversold_when_many_ask_at_once(any_store: Store, lake: Lake) -> None:
    facts, people = Facts(), [f"p{number}" for number in range(8)]
    stock(facts)
    for person in people:
        joined(facts, person)
        facts.order(person, at(5), subtotal_minor=10_000)
    stand(any_store, lake, facts)
    when = datetime(2027, 3, 10, 7, tzinfo=UTC)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda person: ask(any_store, lake, person, when).code, people * 2))
    assert {code: found.count(code) for code in set(found)} == {
        "claimed": 3, "already_claimed": 3, "sold_out": 10,
    }  # fmt: skip
    with any_store.read() as uow:
        assert uow.early_access.get(SHOP.shop_id, "coat").n_taken == 3
