"""A programme of four tiers for tests, and its books read from a few facts."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from memory.domain.loyalty import (
    EarnRate,
    LoyaltyProgramme,
    PointsMultiplier,
    ProgrammeVersion,
    Reward,
    Tier,
    TierRule,
)
from memory.domain.money import Money
from memory.store.loyalty import SPENT_SCHEMA
from tests.factories.facts import SHOP, Facts
from tools.loyalty import Term, books, terms_of

AS_OF = datetime(2027, 3, 1, 12, tzinfo=UTC)
STARTS_ON = date(2026, 1, 1)


def at(day: int, month: int = 1, year: int = 2027, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(amount_minor=minor, currency="EUR")


def tiers(percent: int = 100) -> tuple[Tier, ...]:
    """Bronze, silver, gold, diamond at 0, 100, 300 and 1,000 euros, or 0, 2, 5 and 10 orders."""
    more = () if percent == 100 else (PointsMultiplier(percent=percent, cost=eur(10)),)
    return (
        Tier(id="bronze", min_spend_minor=0, min_orders=0),
        Tier(id="silver", min_spend_minor=10_000, min_orders=2),
        Tier(id="gold", min_spend_minor=30_000, min_orders=5, privileges=more),
        Tier(id="diamond", min_spend_minor=100_000, min_orders=10, privileges=more),
    )


def a_programme(**changes: Any) -> LoyaltyProgramme:
    """One point per euro and two per dollar, valid for a year."""
    fields: dict[str, Any] = {
        "starts_on": STARTS_ON,
        "earn": (EarnRate(currency="EUR", points=1, per_minor=100), EarnRate(currency="USD", points=2, per_minor=100)),
        "tier_rule": TierRule(tiers=tiers()),
        "rewards": (
            Reward(id="mug", kind="gift", points=40, worth=eur(300), sku="mug"),
            Reward(id="five-off", kind="coupon", points=50, worth=eur(500)),
            Reward(id="ten-back", kind="cash_off", points=100, worth=eur(1000)),
        ),
        "point_cost_millis": 10_000,
        "breakage_rate": 0.2,
    }
    return LoyaltyProgramme(**{**fields, **changes})


def terms(*programmes: LoyaltyProgramme) -> tuple[Term, ...]:
    kept = programmes or (a_programme(),)
    return terms_of([ProgrammeVersion(programme=one, set_by="mia", set_at=at(1)) for one in kept], SHOP)


def joined(facts: Facts, *people: str, on: datetime | None = None, is_member: bool = True) -> None:
    for person in people:
        facts.add("memberships", on or at(1, year=2026), subject_id=person, is_member=is_member)


def spent(*rows: tuple[str, int, datetime]) -> pa.Table:
    """Give redemptions: person, points, when."""
    return pa.Table.from_pylist(
        [
            {"person_id": person, "redemption_id": f"r{number}", "points": points, "at": when}
            for number, (person, points, when) in enumerate(rows)
        ],
        SPENT_SCHEMA,
    )


def moves(
    facts: Facts,
    root: Path,
    *redeemed: tuple[str, int, datetime],
    by: tuple[Term, ...] | None = None,
    as_of: datetime = AS_OF,
    identities: tuple[tuple[str, str], ...] = (),
) -> list[tuple[str, str, int]]:
    """Give (person, kind, points) of every movement, by person and time."""
    with facts.open(root, identities) as view:
        found = books(view, SHOP, by or terms(), spent(*redeemed), as_of).movements
        rows = found.order_by("person_id", "at", "movement_id").to_pyarrow().to_pylist()
    return [(row["person_id"], row["kind"], row["points"]) for row in rows]
