"""S1-37: a birthday is met once a year, on its day; 29 February has one every year; no birthday, nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from memory.domain.loyalty import BirthdayGift, LoyaltyProgramme, TierRule
from tests.factories.facts import SHOP, Facts
from tools.loyalty.birthdays import birthdays, falls_on
from tools.loyalty.standing import standings

from .programme import AS_OF, a_programme, at, eur, joined, moves, terms, tiers

pytestmark = pytest.mark.slow


def born(facts: Facts, person: str, month: int | None, day: int | None, **values: Any) -> None:
    facts.add("people", at(1, year=1970), subject_id=person, birth_month=month, birth_day=day, **values)


def with_gift(gift: BirthdayGift | None = None, **changes: Any) -> LoyaltyProgramme:
    """Every tier has the gift; 30 points where none is given."""
    made = gift or BirthdayGift(points=30, cost=eur(100))
    held = tuple(tier.model_copy(update={"privileges": (made,)}) for tier in tiers())
    return a_programme(tier_rule=TierRule(basis="spend", tiers=held), **changes)


def falls(facts: Facts, root: Path, first: date, last: date) -> list[tuple[str, date]]:
    with facts.open(root) as view:
        rows = birthdays(view, SHOP, terms(with_gift()), first, last, at(1, 1, 2029))
        found = rows.order_by("person_id", "falls_on").to_pyarrow().to_pylist()
    return [(row["person_id"], row["falls_on"]) for row in found]


def test_s1_37_the_29th_of_february_falls_on_the_28th_where_there_is_none(tmp_path: Path) -> None:
    assert [falls_on(year, 2, 29) for year in (2026, 2028, 2100)] == [
        date(2026, 2, 28), date(2028, 2, 29), date(2100, 2, 28),
    ]  # fmt: skip
    facts = Facts()
    joined(facts, "leap", "plain")
    born(facts, "leap", 2, 29)
    born(facts, "plain", 2, 28)
    assert falls(facts, tmp_path, date(2027, 1, 1), date(2028, 12, 31)) == [
        ("leap", date(2027, 2, 28)), ("leap", date(2028, 2, 29)),
        ("plain", date(2027, 2, 28)), ("plain", date(2028, 2, 28)),
    ]  # fmt: skip


def test_s1_37_without_a_day_it_is_the_first_of_the_month_and_without_a_month_there_is_none(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "month", "nothing", "unknown")
    born(facts, "month", 5, None)
    born(facts, "nothing", None, None)
    born(facts, "stranger", 5, 1)
    assert falls(facts, tmp_path, date(2027, 1, 1), date(2027, 12, 31)) == [("month", date(2027, 5, 1))]


def test_s1_37_points_come_once_a_year_even_where_two_records_tell_of_it(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann", "ann2")
    born(facts, "ann", 3, 1)
    born(facts, "ann2", 2, 1, arrived_at=at(1, year=2020))
    found = moves(facts, tmp_path, by=terms(with_gift()), identities=(("ann2", "ann"),))
    assert found == [("ann", "birthday", 30), ("ann", "birthday", 30), ("ann", "expired", -30)]


def test_s1_37_only_who_is_a_member_that_morning_gets_what_their_tier_has(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "early", on=at(1))
    joined(facts, "late", on=at(11, hour=1))
    joined(facts, "gold", on=at(1))
    for person in ("early", "late", "gold"):
        born(facts, person, 1, 11)
    facts.order("gold", at(10), subtotal_minor=30_000)
    facts.order("early", at(11), subtotal_minor=30_000)
    by_tier = [BirthdayGift(points=10 * number, cost=eur(100)) for number in range(1, 5)]
    held = tuple(tier.model_copy(update={"privileges": (by_tier[no],)}) for no, tier in enumerate(tiers()))
    by = terms(a_programme(tier_rule=TierRule(basis="spend", tiers=held)))
    found = moves(facts, tmp_path, by=by, as_of=AS_OF)
    assert [(person, points) for person, kind, points in found if kind == "birthday"] == [("early", 10), ("gold", 30)]


def test_s1_37_the_tier_of_the_morning_is_the_standing_of_that_instant(tmp_path: Path) -> None:
    """Each bought once at an edge of the 30 days before midnight in Berlin, or a moment beside it."""
    morning, second = datetime(2027, 1, 10, 23, tzinfo=UTC), timedelta(seconds=1)
    begins = morning - timedelta(days=30)
    bought = {
        "old": begins - second,
        "edge": begins,
        "first": begins + second,
        "last": morning,
        "late": morning + second,
    }
    facts = Facts()
    joined(facts, *bought)
    for person, when in bought.items():
        born(facts, person, 1, 11)
        facts.order(person, when, subtotal_minor=30_000)
    rule = TierRule(basis="spend", window_days=30, tiers=tiers())
    by = terms(with_gift().model_copy(update={"tier_rule": rule}))
    with facts.open(tmp_path) as view:
        rows = birthdays(view, SHOP, by, date(2027, 1, 11), date(2027, 1, 11), AS_OF).to_pyarrow().to_pylist()
        stands = standings(view, SHOP, rule, morning).to_pyarrow().to_pylist()
    found = {row["person_id"]: row["tier_no"] for row in rows}
    assert found == {"old": 0, "edge": 0, "first": 2, "last": 2, "late": 0}
    assert found == {row["person_id"]: row["tier_no"] for row in stands}


def test_s1_37_a_gift_that_is_no_points_brings_none(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann")
    born(facts, "ann", 1, 11)
    by = terms(with_gift(BirthdayGift(gives="gift", sku="mug", cost=eur(300))))
    assert moves(facts, tmp_path, by=by) == []


@pytest.mark.parametrize(
    "values",
    [{}, {"points": 5, "rate": 0.05}, {"gives": "gift", "points": 5}, {"gives": "discount"}, {"points": 5, "sku": "x"}],
)
def test_s1_37_a_birthday_gift_is_one_thing_and_points_by_default(values: dict[str, Any]) -> None:
    assert BirthdayGift(points=5, cost=eur(5)).gives == "points"
    with pytest.raises(ValueError, match="states its"):
        BirthdayGift(cost=eur(5), **values)
