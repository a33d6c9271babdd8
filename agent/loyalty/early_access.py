"""Early access: members buy new goods some hours before everybody else, and no more of them than are set aside."""

from datetime import date, datetime

from memory.domain.base import Frozen
from memory.domain.early_access import ClaimCode, ClaimResult, Drop
from memory.domain.errors import InvalidInput
from memory.domain.loyalty import EarlyPurchase
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork

from .account import member_account


def set_aside(uow: UnitOfWork, lake: Lake, shop: Shop, drop: Drop) -> None:
    """Set goods aside for members.

    Raise `InvalidInput` for an article that the catalogue does not hold, that everybody may buy already, or that
    everybody was to buy before the catalogue's `unreleased_until`.
    """
    known, until = _release(uow, lake, shop, drop.sku)
    if not known or until is None:
        why = "everybody may buy it: it has no unreleased_until" if known else "the catalogue does not hold it"
        raise InvalidInput(what=f"article {drop.sku}", why=why, remedy="Import the catalogue with its day of release.")
    if drop.public_on < until:
        why = f"the catalogue says that it is unreleased until {until}"
        raise InvalidInput(what=drop.public_on.isoformat(), why=why, remedy=f"Name {until} or a later day.")
    uow.early_access.add(shop.shop_id, drop)


class Asker(Frozen):
    """What the facts say of who asks for one."""

    person_id: str
    """The pseudonym."""
    is_member: bool
    """Whether they are a member."""
    hours: int | None
    """How much earlier their tier may buy; null where it may not."""
    unreleased_until: date | None
    """Until when the catalogue says that the article is unreleased."""


def asker_of(uow: UnitOfWork, lake: Lake, shop: Shop, drop_id: str, person_id: str, at: datetime) -> Asker:
    """Read who asks for one, for `claim`: before anybody has to wait."""
    account = member_account(uow, lake, shop, person_id, at)
    _, until = _release(uow, lake, shop, uow.early_access.get(shop.shop_id, drop_id).sku)
    held = account.standing.privileges if account.standing else ()
    hours = next((one.hours for one in held if isinstance(one, EarlyPurchase)), None)
    return Asker(person_id=account.person_id, is_member=account.is_member, hours=hours, unreleased_until=until)


def claim(uow: UnitOfWork, shop: Shop, drop_id: str, asker: Asker, at: datetime) -> ClaimResult:
    """Take one for a member where it is open for them and one is left; once each, asked again it says so.

    Opening and release are read by the customer's own clock; where several zones may be theirs, by the one where it
    opens last. Callers own the transaction.
    """
    person = uow.identities.person_of(asker.person_id)
    records = uow.identities.subjects_of([person])[person]
    drop = uow.early_access.get(shop.shop_id, drop_id).postponed(asker.unreleased_until)
    hours, zones = asker.hours, _zones(uow, shop, person)
    public_at = max(drop.public_at(zone) for zone in zones)
    opens_at = None if hours is None else max(drop.opens_at(zone, hours) for zone in zones)
    code = _refusal(asker.is_member, opens_at, public_at, at)
    if code is None or (
        code in ("public", "too_early") and uow.early_access.has_claimed(shop.shop_id, drop_id, records)
    ):
        code = _taken(uow, shop, drop_id, person, records, at)
    left = uow.early_access.get(shop.shop_id, drop_id)
    return ClaimResult(
        drop_id=drop_id,
        person_id=person,
        code=code,
        opens_at=opens_at,
        public_at=public_at,
        n_left=left.n_total - left.n_taken,
    )


def _refusal(is_member: bool, opens_at: datetime | None, public_at: datetime, at: datetime) -> ClaimCode | None:
    if not is_member:
        return "not_a_member"
    if opens_at is None:
        return "no_privilege"
    if at >= public_at:
        return "public"
    return "too_early" if at < opens_at else None


def _taken(uow: UnitOfWork, shop: Shop, drop_id: str, person: str, records: set[str], at: datetime) -> ClaimCode:
    if uow.early_access.has_claimed(shop.shop_id, drop_id, records):
        return "already_claimed"
    if uow.early_access.claim(shop.shop_id, drop_id, person, records, at):
        return "claimed"
    return "already_claimed" if uow.early_access.has_claimed(shop.shop_id, drop_id, records) else "sold_out"


def _zones(uow: UnitOfWork, shop: Shop, person: str) -> tuple[str, ...]:
    known = uow.person_state.get(shop.shop_id, [person]).to_pylist()
    return tuple(known[0]["zones"] or ()) or (shop.zone,) if known else (shop.zone,)


def _release(uow: UnitOfWork, lake: Lake, shop: Shop, sku: str) -> tuple[bool, date | None]:
    """Say whether the catalogue holds an article, and until when it is unreleased by its newest entry."""
    with lake.open(uow.versions.latest().tables, [shop.shop_id]) as view:
        products = view.table("products")
        rows = products.filter(products.sku == sku).order_by("event_at", "arrived_at", "fact_id")
        found = rows.select("unreleased_until").to_pyarrow()["unreleased_until"].to_pylist()
    return bool(found), found[-1] if found else None
