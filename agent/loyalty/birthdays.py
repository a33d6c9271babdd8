"""What members get on their birthday: points by themselves, gifts and discounts handed over once a year."""

from collections.abc import Sequence
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
        tier = terms[row["term_no"]].programme.tiers[row["tier_no"]].id
        found.append(
            BirthdayBenefit(
                person_id=row["person_id"], year=on.year, falls_on=row["falls_on"], tier=tier, gives=gift.gives,
                points=gift.points, sku=gift.sku, rate=gift.rate,
            )
        )  # fmt: skip
    return _below_ceiling(uow, shop, found)


def give_birthdays(uow: UnitOfWork, shop: Shop, due: Sequence[BirthdayBenefit]) -> tuple[BirthdayBenefit, ...]:
    """Keep that birthdays were given what `due_birthdays` read for one day, before anybody had to wait.

    Who was given something since then, under any of their pseudonyms, gets nothing more: asked again it gives nobody
    anything. Callers own the transaction.
    """
    uow.loyalty.lock(shop.shop_id)
    people = uow.identities.people_of([one.person_id for one in due])
    records = uow.identities.subjects_of(set(people.values()))
    subjects = {subject for ones in records.values() for subject in ones}
    given = {year: uow.loyalty.given_among(shop.shop_id, year, subjects) for year in {one.year for one in due}}
    new: dict[tuple[str, int], BirthdayBenefit] = {}
    for one in _below_ceiling(uow, shop, due):
        person = people[one.person_id]
        if not records[person] & given[one.year]:
            new.setdefault((person, one.year), one.model_copy(update={"person_id": person}))
    for one in new.values():
        uow.loyalty.give_birthday(shop.shop_id, one.person_id, one.year, one.falls_on, one.gives)
    return tuple(new.values())


def _below_ceiling(uow: UnitOfWork, shop: Shop, found: Sequence[BirthdayBenefit]) -> tuple[BirthdayBenefit, ...]:
    """Cut discounts to the ceiling of the most loyal; where it is 0 there is none."""
    if all(one.gives != "discount" for one in found):
        return tuple(found)
    ceiling = uow.guardrails.current(shop.shop_id).discount_ceiling.get(MOST_LOYAL, 0.0)
    cut = (one.model_copy(update={"rate": min(one.rate, ceiling)}) for one in found)
    return tuple(one for one in cut if one.gives != "discount" or one.rate)
