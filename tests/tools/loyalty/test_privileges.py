"""S1-23: each privilege is a type of its own with a cost, and members have exactly those of their tier."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from memory.domain.loyalty import (
    BirthdayGift,
    DedicatedService,
    EarlyPurchase,
    NewProductTrial,
    PointsMultiplier,
    Privilege,
    Reward,
    Tier,
    TierRule,
)
from tests.factories.facts import SHOP, Facts
from tools.loyalty.privileges import eligible, n_by_tier

from .programme import AS_OF, a_programme, at, eur, joined

pytestmark = pytest.mark.slow
BIRTHDAY = BirthdayGift(points=50, cost=eur(100))
SERVICE = DedicatedService(contact="vip@north.invalid", cost=eur(900))
TRIAL = NewProductTrial(per_year=2, cost=eur(1_500))
MORE = PointsMultiplier(percent=150, cost=eur(50))
EARLY = EarlyPurchase(hours=24, cost=eur(0))
HELD: dict[str, tuple[Privilege, ...]] = {
    "bronze": (), "silver": (BIRTHDAY,), "gold": (BIRTHDAY, MORE), "diamond": (SERVICE, TRIAL, MORE, EARLY),
}  # fmt: skip
PROGRAMME = a_programme(
    tier_rule=TierRule(
        basis="spend",
        tiers=tuple(
            Tier(id=name, min_spend_minor=10_000 * number, min_orders=number, privileges=held)
            for number, (name, held) in enumerate(HELD.items())
        ),
    )
)


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    for number, name in enumerate(HELD):
        joined(found, name)
        if number:
            found.order(name, at(5), subtotal_minor=10_000 * number)
    found.order("stranger", at(5), subtotal_minor=90_000)
    return found


def test_s1_23_each_member_may_have_exactly_what_the_tier_has(facts: Facts, tmp_path: Path) -> None:
    with facts.open(tmp_path) as view:
        rows = eligible(view, SHOP, PROGRAMME, AS_OF).to_pyarrow().to_pylist()
        counted = n_by_tier(view, SHOP, PROGRAMME, AS_OF)
    found: dict[str, set[str]] = {name: set() for name in HELD}
    for row in rows:
        assert row["tier"] == row["person_id"]
        found[row["person_id"]].add(row["privilege"])
    assert found == {name: {one.kind for one in held} for name, held in HELD.items()}
    assert counted == dict.fromkeys(HELD, 1)


def test_s1_23_every_privilege_is_a_type_that_states_its_cost() -> None:
    kinds = get_args(get_args(Privilege)[0])
    assert {kind.model_fields["kind"].default for kind in kinds} == {
        "birthday_gift", "dedicated_service", "new_product_trial", "points_multiplier", "early_access",
    }  # fmt: skip
    assert all(kind.model_fields["cost"].is_required() for kind in kinds)


@pytest.mark.parametrize(
    "raw",
    [
        {"kind": "free_yacht", "cost": {"amount_minor": 1, "currency": "EUR"}},
        {"kind": "dedicated_service", "contact": "x"},
        {"kind": "points_multiplier", "percent": 100, "cost": {"amount_minor": 1, "currency": "EUR"}},
    ],
)
def test_s1_23_what_is_no_privilege_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Privilege).validate_python(raw)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([{"min_spend_minor": 1}, {}], "every member's"),
        ([{}, {"min_spend_minor": 0}], "no more than"),
        ([{}, {"min_orders": 0}], "no more than"),
        ([{}, {"id": "t0"}], "one name"),
        ([{}, {"privileges": (BIRTHDAY, BIRTHDAY)}], "twice"),
    ],
)
def test_s1_22_tiers_rise_and_the_lowest_is_everybodys(changes: list[dict[str, Any]], why: str) -> None:
    fields = [{"id": f"t{number}", "min_spend_minor": number, "min_orders": number} for number in range(2)]
    tiers = tuple(Tier(**{**each, **change}) for each, change in zip(fields, changes, strict=True))
    with pytest.raises(ValidationError, match=why):
        TierRule(tiers=tiers)


def test_s1_23_no_cost_is_below_zero() -> None:
    with pytest.raises(ValidationError, match="below zero"):
        a_programme(rewards=(Reward(id="mug", kind="gift", points=1, worth=eur(-1)),))
