"""Store credit at the till: refused before its first day, accepted inside its window, expired after it (S2-35)."""

from collections.abc import Set
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.offer import Offer, StoreCredit
from memory.lake.lake import Lake
from memory.store.credits import CreditUseRow
from memory.store.unit_of_work import UnitOfWork

from .credit_uses import credit_uses, window

CreditCode = Literal["accepted", "repeated", "too_early", "expired", "not_granted", "used_up", "too_small"]
"""How using it ends."""


class CreditUse(Frozen):
    """What came of using a credit."""

    code: CreditCode
    """How it ended; `repeated` where the same request was accepted before."""
    amount: Money
    """What it takes off the order where it was accepted."""
    opens_on: date
    """First day it can be used, in the shop's zone."""
    last_on: date
    """Last day it can be used."""

    @property
    def is_accepted(self) -> bool:
        """Whether it takes something off."""
        return self.code in ("accepted", "repeated")


def credit_offer(uow: UnitOfWork, shop: Shop, plan_id: str, offer_id: str) -> tuple[Offer, StoreCredit]:
    """Give a plan's credit; raise `NotFound` where it has none of that name."""
    plan = uow.plans.get(plan_id).plan
    offer = plan.offer(offer_id) if plan.shop_id == shop.shop_id else None
    if offer is None or not isinstance(offer.incentive, StoreCredit):
        raise NotFound(kind="store credit", id=offer_id)
    return offer, offer.incentive


def uses_of(
    uow: UnitOfWork, lake: Lake, shop: Shop, plan_id: str, offer_id: str, person_id: str, at: datetime
) -> frozenset[str]:
    """Give the uses of a credit that one person made so far, for `use_credit`: read before anybody has to wait."""
    offer, credit = credit_offer(uow, shop, plan_id, offer_id)
    person = uow.identities.person_of(person_id)
    records = uow.identities.subjects_of([person])[person]
    with lake.open(uow.versions.latest().tables, [shop.shop_id], subjects=records) as view:
        found = credit_uses(view, uow, shop, plan_id, offer, credit, at, records)
        theirs = found.filter(found.person_id.isin(sorted(records)))
        return frozenset(theirs.to_pyarrow()["use_id"].to_pylist())


def use_credit(
    uow: UnitOfWork,
    shop: Shop,
    plan_id: str,
    offer_id: str,
    person_id: str,
    spend: Money,
    request_id: str,
    at: datetime,
    uses: Set[str],
) -> CreditUse:
    """Use a credit on an order of a sum (goods after discounts), once per request and as often as the offer allows.

    Who was mailed of it holds it; a holder's uses take turns, so that two at once are counted one after the other.
    `uses` are those that `uses_of` gave; what tills used since then is added here. Raise `InvalidInput` for the id of
    another use. Callers own the transaction.
    """
    offer, credit = credit_offer(uow, shop, plan_id, offer_id)
    opens_on, last_on = window(offer, credit)
    if spend.currency != shop.currency:
        raise InvalidInput(what=str(spend), why=f"the shop sells in {shop.currency}", remedy="Convert it first.")
    person = uow.identities.person_of(person_id)
    records = uow.identities.subjects_of([person])[person]
    today = at.astimezone(ZoneInfo(shop.zone)).date()
    is_holder = uow.credits.holds(shop.shop_id, plan_id, offer_id, records)
    known = uow.credits.of_request(shop.shop_id, request_id)
    code: CreditCode
    if known is not None:
        if (known.plan_id, known.offer_id) != (plan_id, offer_id) or known.person_id not in records:
            raise _is_another(request_id)
        code = "repeated"
    elif not is_holder:
        code = "not_granted"
    elif today < opens_on:
        code = "too_early"
    elif today > last_on:
        code = "expired"
    elif spend.amount_minor < offer.limits.min_spend.amount_minor:
        code = "too_small"
    else:
        code = _used(uow, shop, (plan_id, offer_id, person), records, uses, offer, credit, request_id, at)
    return CreditUse(code=code, amount=credit.amount, opens_on=opens_on, last_on=last_on)


def _used(
    uow: UnitOfWork,
    shop: Shop,
    of: tuple[str, str, str],
    records: set[str],
    uses: Set[str],
    offer: Offer,
    credit: StoreCredit,
    request_id: str,
    at: datetime,
) -> CreditCode:
    plan_id, offer_id, person = of
    at_tills = uow.credits.uses(shop.shop_id, plan_id, offer_id, records)["request_id"].to_pylist()
    others = (uses | set(at_tills)) - {request_id}  # facts may know the order that this request names
    if len(others) >= offer.limits.uses_per_person:
        return "used_up"
    row = CreditUseRow(
        shop_id=shop.shop_id, plan_id=plan_id, offer_id=offer_id, person_id=person,
        use_no=uow.credits.next_no(shop.shop_id, plan_id, offer_id, person),
        request_id=request_id, amount_minor=credit.amount.amount_minor, used_at=at,
    )  # fmt: skip
    if not uow.credits.use(row):  # another holder's request with this id came first, a moment ago
        raise _is_another(request_id)
    return "accepted"


def _is_another(request_id: str) -> InvalidInput:
    return InvalidInput(what=request_id, why="another use has this id", remedy="Use a new one.")
