"""A member's account: balance with every movement, what expires soon, the tier and what it may have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from memory.domain.base import Count, Frozen, Instant, MinorUnits
from memory.domain.loyalty import LoyaltyProgramme, Privilege, Redemption
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty import Books, Term, books, standings
from tools.loyalty.deeds import pays_deeds
from tools.loyalty.ledger import MovementKind

from .deeds import deeds_of
from .programme import programme_in_force


class Movement(Frozen):
    """Points that came or went; the ledger holds it twice, here and with the shop."""

    kind: MovementKind
    """Why."""
    points: int
    """How many; negative where they went."""
    at: Instant
    """When."""


class Standing(Frozen):
    """Where a member stands among the tiers."""

    tier: str
    """The tier."""
    spent_minor: MinorUnits
    """Spent within the rule's window, in the shop's currency."""
    n_orders: Count
    """Bought so often within it."""
    next_tier: str | None
    """The tier above; null for the highest."""
    missing_minor: MinorUnits
    """What is still to be spent for it; 0 where spend does not count or there is none above."""
    missing_orders: Count
    """How many orders are still missing for it; 0 where they do not count or there is none above."""
    privileges: tuple[Privilege, ...]
    """What the tier may have: exactly these."""


class MemberAccount(Frozen):
    """What the loyalty programme knows of one person."""

    person_id: str
    """The pseudonym."""
    as_of: Instant
    """When it was read."""
    currency: Currency
    """Of all sums."""
    is_member: bool
    """Whether they are a member now; who left keeps points until they expire, and can't redeem them meanwhile."""
    joined_at: Instant | None
    """When they first joined."""
    balance: int
    """Points; below zero only where an order was refunded after its points were spent."""
    expiring: Count
    """Points that expire within the programme's days of warning if none are redeemed."""
    expiring_from: Instant | None
    """When the first of them do."""
    standing: Standing | None
    """Their tier; null for who is no member."""
    movements: tuple[Movement, ...]
    """All movements, oldest first."""
    redemptions: tuple[Redemption, ...]
    """What they redeemed, oldest first."""


def member_account(uow: UnitOfWork, lake: Lake, shop: Shop, person_id: str, as_of: datetime) -> MemberAccount:
    """Work out a person's account from the facts of now; somebody without any has an empty one.

    Only this person's facts are read, but those of the whole shop where the programme pays deeds: an offer's uses go to
    who was first. Raise `NotReady` where the shop has no programme.
    """
    programme, terms = programme_in_force(uow, shop, as_of)
    person = uow.identities.person_of(person_id)
    records = uow.identities.subjects_of([person])[person]
    spent = uow.loyalty.spent(shop.shop_id, records)
    tables, deeds = uow.versions.latest().tables, None
    if pays_deeds(terms):
        with lake.open(tables, [shop.shop_id]) as whole:
            deeds = deeds_of(whole, uow, shop, terms, as_of, person)
    with lake.open(tables, [shop.shop_id], subjects=records) as view:
        found = books(view, shop, terms, spent, as_of, deeds)
        movements = found.movements.order_by("at", "movement_id").to_pyarrow().to_pylist()
        warned = found.warned(as_of, programme.warn_days).to_pyarrow().to_pylist()
        stands = standings(view, shop, programme.tier_rule, as_of).to_pyarrow().to_pylist()
    stand, soon = (stands or [None])[0], (warned or [{"points": 0, "first_at": None}])[0]
    return MemberAccount(
        person_id=person,
        as_of=as_of,
        currency=shop.currency,
        is_member=stand is not None,
        joined_at=stand["joined_at"] if stand else None,
        balance=sum(row["points"] for row in movements),
        expiring=soon["points"],
        expiring_from=soon["first_at"],
        standing=standing_of(programme, stand) if stand else None,
        movements=tuple(Movement(kind=row["kind"], points=row["points"], at=row["at"]) for row in movements),
        redemptions=uow.loyalty.redemptions(shop.shop_id, records),
    )


def standing_of(programme: LoyaltyProgramme, row: dict[str, Any]) -> Standing:
    """Put one row of `standings` into words of the programme."""
    rule, number = programme.tier_rule, row["tier_no"]
    above = rule.tiers[number + 1] if number + 1 < len(rule.tiers) else None
    return Standing(
        tier=rule.tiers[number].id,
        spent_minor=row["spent_minor"],
        n_orders=row["n_orders"],
        next_tier=above.id if above else None,
        missing_minor=max(0, above.min_spend_minor - row["spent_minor"]) if above and rule.basis != "orders" else 0,
        missing_orders=max(0, above.min_orders - row["n_orders"]) if above and rule.basis != "spend" else 0,
        privileges=rule.tiers[number].privileges,
    )


def shop_books(view: LakeView, uow: UnitOfWork, shop: Shop, terms: Sequence[Term], as_of: datetime) -> Books:
    """Give the books of a whole shop over an opened view."""
    deeds = deeds_of(view, uow, shop, terms, as_of)
    return books(view, shop, terms, uow.loyalty.spent(shop.shop_id), as_of, deeds)
