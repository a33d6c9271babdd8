"""S1-37: what a birthday brings is given once a year, and a discount never goes above the ceiling of the most loyal."""

from datetime import date

import pytest

from agent.loyalty import set_programme, starting_programme
from agent.loyalty.birthdays import BirthdayBenefit, due_birthdays, give_birthdays
from memory.domain.errors import InvalidInput
from memory.domain.guardrails import Guardrails
from memory.domain.loyalty import BirthdayGift, LoyaltyProgramme
from memory.domain.money import Money
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import AS_OF, at, eur, joined
from tests.tools.loyalty.test_birthdays import born, with_gift

pytestmark = pytest.mark.slow
ON = date(2027, 2, 28)
DISCOUNT = BirthdayGift(gives="discount", rate=0.05, cost=eur(500))
MUG = BirthdayGift(gives="gift", sku="mug", cost=eur(300))


def a_shop_with(store: Store, lake: Lake, programme: LoyaltyProgramme) -> None:
    facts = Facts()
    joined(facts, "leap", "plain", "june", "nobody")
    born(facts, "leap", 2, 29)
    born(facts, "plain", 2, 28)
    born(facts, "june", 6, 1)
    settle(store, lake, facts, AS_OF, programme)


def limits(store: Store, ceiling: float) -> None:
    guardrails = Guardrails(plan_budget=Money(amount_minor=10_000, currency="EUR"), discount_ceiling={"vip": ceiling})
    with store.unit_of_work() as uow:
        uow.guardrails.put(SHOP.shop_id, guardrails, "mia", AS_OF)


def due(store: Store, lake: Lake, on: date = ON) -> tuple[BirthdayBenefit, ...]:
    with store.read() as uow, lake.open(uow.versions.latest().tables, [SHOP.shop_id]) as view:
        return due_birthdays(view, uow, SHOP, on, AS_OF)


def give(store: Store, found: tuple[BirthdayBenefit, ...]) -> list[BirthdayBenefit]:
    with store.unit_of_work() as uow:
        return list(give_birthdays(uow, SHOP, found))


def given(store: Store, lake: Lake, on: date = ON) -> list[BirthdayBenefit]:
    return give(store, due(store, lake, on))


def test_s1_37_a_gift_is_given_once_a_year_however_often_it_is_asked(store: Store, lake: Lake) -> None:
    a_shop_with(store, lake, with_gift(MUG))
    first = given(store, lake)
    assert [(one.person_id, one.gives, one.sku, one.year) for one in first] == [
        ("leap", "gift", "mug", 2027), ("plain", "gift", "mug", 2027),
    ]  # fmt: skip
    assert given(store, lake) == []
    assert [one.year for one in given(store, lake, date(2026, 2, 28))] == [2026, 2026]


def test_s1_37_who_changes_the_birthday_within_a_year_gets_nothing_more(store: Store, lake: Lake) -> None:
    a_shop_with(store, lake, with_gift(MUG))
    assert len(given(store, lake)) == 2
    moved = Facts()
    born(moved, "unused", 1, 1)
    born(moved, "plain", 3, 1, source="again", arrived_at=AS_OF)
    settle(store, lake, moved, AS_OF)
    assert due(store, lake, date(2027, 3, 1)) == ()


def test_s1_37_what_was_read_before_somebody_else_gave_it_is_not_given_again(store: Store, lake: Lake) -> None:
    """Two read the day's birthdays at once; meanwhile it is known that both birthdays are of one person."""
    a_shop_with(store, lake, with_gift(MUG))
    leap, plain = due(store, lake)
    assert give(store, (leap,)) == [leap]
    assert give(store, (leap, plain)) == [plain]
    last_year = due(store, lake, date(2026, 2, 28))
    with store.unit_of_work() as uow:
        uow.identities.move({"leap": "plain"})
    assert [one.person_id for one in give(store, last_year)] == ["plain"]
    assert give(store, last_year[:1]) == []


def test_s1_37_a_ceiling_that_was_lowered_after_the_reading_counts(store: Store, lake: Lake) -> None:
    a_shop_with(store, lake, with_gift(DISCOUNT))
    limits(store, 0.05)
    found = due(store, lake)
    limits(store, 0.02)
    assert [one.rate for one in give(store, found[:1])] == [0.02]
    limits(store, 0.0)
    assert give(store, found) == []


def test_s1_37_a_discount_is_cut_to_the_ceiling_of_the_most_loyal(store: Store, lake: Lake) -> None:
    a_shop_with(store, lake, with_gift(DISCOUNT))
    limits(store, 0.03)
    assert [one.rate for one in given(store, lake)] == [0.03, 0.03]
    limits(store, 0.0)
    assert given(store, lake, date(2026, 2, 28)) == []


def test_s1_37_a_programme_that_breaks_the_ceiling_is_refused(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.shops.add(SHOP)
    limits(store, 0.04)
    with store.unit_of_work() as uow, pytest.raises(InvalidInput, match="ceiling of the most loyal is 4%"):
        set_programme(uow, SHOP, with_gift(DISCOUNT), "mia", AS_OF)
    limits(store, 0.05)
    with store.unit_of_work() as uow:
        set_programme(uow, SHOP, with_gift(DISCOUNT), "mia", AS_OF)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "GBP"])
def test_s1_37_a_programme_to_start_from_gives_points(currency: str) -> None:
    programme = starting_programme(currency, at(1).date())
    gifts = [one for tier in programme.tiers for one in tier.privileges if isinstance(one, BirthdayGift)]
    assert gifts and all(gift.gives == "points" for gift in gifts)
    assert [tier.id for tier in programme.tiers] == ["bronze", "silver", "gold", "diamond"]
