"""What each tier may have, how many members that is and what it costs, all labelled as what the programme states."""

from datetime import datetime

from memory.domain.base import Count, Frozen
from memory.domain.loyalty import Privilege
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty.privileges import eligible, n_by_tier

from .programme import programme_in_force


class TierPrivileges(Frozen):
    """One tier."""

    tier: str
    """Its name."""
    n_members: Count
    """Members in it now."""
    privileges: tuple[Privilege, ...]
    """What they may have: exactly these."""
    cost_at_most: tuple[Money, ...]
    """What each would cost if every member of the tier had it once, by the stated cost; no measurement."""


class Eligible(Frozen):
    """A member who may have a privilege."""

    person_id: str
    """The pseudonym."""
    tier: str
    """Their tier."""


class EligiblePage(Frozen):
    """Some of the members who may have a privilege."""

    n_all: Count
    """How many there are."""
    start: Count
    """How many come before the first of these."""
    members: tuple[Eligible, ...]
    """By pseudonym."""


def tier_privileges(view: LakeView, uow: UnitOfWork, shop: Shop, as_of: datetime) -> tuple[TierPrivileges, ...]:
    """Give each tier with its privileges and members, the lowest first."""
    programme, _ = programme_in_force(uow, shop, as_of)
    counted = n_by_tier(view, shop, programme, as_of)
    return tuple(
        TierPrivileges(
            tier=tier.id,
            n_members=counted[tier.id],
            privileges=tier.privileges,
            cost_at_most=tuple(
                one.cost.model_copy(update={"amount_minor": one.cost.amount_minor * counted[tier.id]})
                for one in tier.privileges
            ),
        )
        for tier in programme.tiers
    )


def who_may(
    view: LakeView, uow: UnitOfWork, shop: Shop, kind: str, as_of: datetime, start: int, n: int
) -> EligiblePage:
    """Give `n` of the members who may have a privilege of this kind, from `start` on."""
    programme, _ = programme_in_force(uow, shop, as_of)
    rows = eligible(view, shop, programme, as_of)
    found = rows.filter(rows.privilege == kind).order_by("person_id").select("person_id", "tier").to_pyarrow()
    members = tuple(Eligible.model_validate(row) for row in found.slice(start, n).to_pylist())
    return EligiblePage(n_all=found.num_rows, start=start, members=members)
