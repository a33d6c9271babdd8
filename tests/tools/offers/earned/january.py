"""January 2027 in a Berlin shop that sells in euros: its mission, its referral reward, and how to read them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from memory.domain.offer import Offer
from tests.factories.facts import SHOP, Facts
from tests.factories.offers import built
from tools.offers.earned import missions_earned, referrals_earned, window_of

AS_OF = datetime(2027, 3, 1, tzinfo=UTC)
MISSION = built("mission_points", "vip", starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 31))
REFERRAL = built("referral_reward", "vip", starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 31))
Rows = list[dict[str, Any]]


def at(day: int, hour: int = 12, month: int = 1, minute: int = 0) -> datetime:
    """Give an instant of early 2027 in UTC; Berlin is an hour ahead."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def limited(offer: Offer, **limits: Any) -> Offer:
    return offer.model_copy(update={"limits": offer.limits.model_copy(update=limits)})


def missions(facts: Facts, root: Path, as_of: datetime = AS_OF, offer: Offer = MISSION, **known: Any) -> Rows:
    with facts.open(root, **known) as view:
        found = missions_earned(view, SHOP, offer, window_of(offer, SHOP), as_of)
        rows: Rows = found.order_by("person_id").to_pyarrow().to_pylist()
    return rows


def referrals(
    facts: Facts,
    root: Path,
    as_of: datetime = AS_OF,
    offer: Offer = REFERRAL,
    of: list[str] | None = None,
    identities: list[tuple[str, str]] | None = None,
) -> Rows:
    """Give the rows of an offer; `of` are the people who got it, everybody where it is left out."""
    with facts.open(root, identities or []) as view:
        people = None if of is None else view.memory_table("got_it", pa.table({"person_id": of}))
        found = referrals_earned(view, SHOP, offer, window_of(offer, SHOP), as_of, people=people)
        rows: Rows = found.order_by("person_id", "other_id").to_pyarrow().to_pylist()
    return rows


def short(rows: Rows) -> list[tuple[str, str, str, str]]:
    """Give person, role, status and reason of each row."""
    return [(row["person_id"], row["role"], row["status"], row["reason"]) for row in rows]


def a_new_article(facts: Facts) -> None:
    facts.add("products", at(20, month=12).replace(year=2026), sku="new-coat")
    facts.add("products", at(1).replace(year=2020), sku="old-coat")


def two_tasks(facts: Facts, *people: str, day: int = 5) -> None:
    """Let people open the app and look at the new article."""
    for person in people:
        facts.event(person, at(day), "app_open", channel="app")
        facts.event(person, at(day, 13), "view", sku="new-coat")
