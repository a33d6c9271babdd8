"""What members get on their birthday: points by themselves, gifts and discounts handed over once a year."""

from datetime import date, datetime
from typing import Literal

from memory.domain.base import Frozen, Rate
from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty.birthdays import birthdays, gift_of

from .programme import MOST_LOYAL, programme_in_force


class BirthdayBenefit(Frozen):
    """What one member gets for the birthday of one year."""

    person_id: str
    """The pseudonym."""
    year: int
    """Of which year; once in each."""
    falls_on: date
    """The day."""
    tier: str
    """The tier of that morning."""
    gives: Literal["points", "gift", "discount"]
    """What kind of thing."""
    points: int
    """Points, which the ledger has by itself; else 0."""
    sku: str | None
    """The article of a gift."""
    rate: Rate
    """The share off, never above the ceiling of the most loyal in force today."""


def due_birthdays(
    view: LakeView, uow: UnitOfWork, shop: Shop, on: date, as_of: datetime
) -> tuple[BirthdayBenefit, ...]:
    """Give what birthdays of a day bring that were not given yet this year, by pseudonym.

    A discount above the ceiling of the guardrails is cut to it; where the ceiling is 0 there is none.
    """
    _, terms = programme_in_force(uow, shop, as_of)
    given = view.present(view.memory_table("given_birthdays", uow.loyalty.birthdays_given(shop.shop_id, on.year)))
    rows = birthdays(view, shop, terms, on, on, as_of).anti_join(given, "person_id").order_by("person_id")
    found = []
    for row in rows.to_pyarrow().to_pylist():
        gift = gift_of(terms, row["term_no"], row["tier_no"])
        if gift is None:
            continue
        rate = gift.rate
        if gift.gives == "discount":
            rate = min(rate, uow.guardrails.current(shop.shop_id).discount_ceiling.get(MOST_LOYAL, 0.0))
            if not rate:
                continue
        tier = terms[row["term_no"]].programme.tiers[row["tier_no"]].id
        found.append(
            BirthdayBenefit(
                person_id=row["person_id"], year=on.year, falls_on=row["falls_on"], tier=tier, gives=gift.gives,
                points=gift.points, sku=gift.sku, rate=rate,
            )
        )  # fmt: skip
    return tuple(found)


def give_birthdays(
    view: LakeView, uow: UnitOfWork, shop: Shop, on: date, as_of: datetime
) -> tuple[BirthdayBenefit, ...]:
    """Give what birthdays of a day bring, and keep that they were given: asked again it gives nobody anything."""
    uow.loyalty.lock(shop.shop_id)
    found = due_birthdays(view, uow, shop, on, as_of)
    for one in found:
        uow.loyalty.give_birthday(shop.shop_id, one.person_id, one.year, on, one.gives)
    return found
