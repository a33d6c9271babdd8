"""Loyalty: the programme, members' accounts, redeeming points, what expires soon."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from memory.domain.early_access import ClaimResult, Drop
from memory.domain.errors import InvalidInput
from memory.domain.loyalty import LoyaltyProgramme, ProgrammeVersion
from memory.domain.market import Language, Shop
from memory.domain.money import Money

from .acting import Acting

if TYPE_CHECKING:
    from agent.loyalty import MemberAccount, RedemptionResult
    from agent.loyalty.birthdays import BirthdayBenefit
    from agent.loyalty.credit import CreditUse
    from agent.loyalty.expiring import ExpiringPage
    from agent.loyalty.inviting import Invitation
    from agent.loyalty.liability import Liability
    from agent.loyalty.missions import MissionProgress
    from agent.loyalty.privileges import EligiblePage, TierPrivileges
    from agent.reports.members import MemberReport

N_LISTED = 10_000
"""Most members that one answer lists; the next ones come with `start`."""
PERIOD_DAYS, FIRST_YEAR = 90, 2000
LANGUAGES: tuple[Language, ...] = ("de", "en", "es", "fr", "ja", "zh")
"""Languages in which the invitation is written."""
PrivilegeKind = Literal["birthday_gift", "dedicated_service", "new_product_trial", "points_multiplier", "early_access"]


def programme(acting: Acting) -> ProgrammeVersion:
    """Give the programme that was set last, which may start later; raises `NotReady` where there is none."""
    from memory.store.loyalty import no_programme

    found = programmes(acting)
    if not found:
        raise no_programme(acting.shop_id)
    return found[-1]


def programmes(acting: Acting) -> tuple[ProgrammeVersion, ...]:
    """Give every programme the shop ever set, oldest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.loyalty.history(acting.shop_id)


def example(acting: Acting) -> LoyaltyProgramme:
    """Give a programme to start from, in the shop's price points, from today on; nothing is set."""
    from agent.loyalty import starting_programme

    acting.require("read")
    shop = acting.shop()
    return starting_programme(shop.currency, acting.app.clock.now().astimezone(ZoneInfo(shop.zone)).date())


def read(text: str) -> LoyaltyProgramme:
    """Read a programme from YAML or JSON; raises `InvalidInput` that names every wrong field."""
    from agent.loyalty import read_programme

    return read_programme(text)


def put(acting: Acting, wanted: LoyaltyProgramme) -> ProgrammeVersion:
    """Put a programme in force from its first day on; for people only, as the guardrails are."""
    from agent.loyalty import set_programme

    acting.require_person("guardrail")
    now, by = acting.app.clock.now(), acting.principal.id
    with acting.write("loyalty.set", f"shop:{acting.shop_id}", starts_on=wanted.starts_on.isoformat()) as uow:
        set_programme(uow, uow.shops.get(acting.shop_id), wanted, by, now)
    return ProgrammeVersion(programme=wanted, set_by=by, set_at=now)


def account(acting: Acting, person_id: str) -> "MemberAccount":
    """Give a member's balance, movements, tier and what it may have, worked out from the facts of now."""
    from agent.loyalty import member_account

    acting.require("read")
    with acting.app.store.read() as uow:
        shop = uow.shops.get(acting.shop_id)
        return member_account(uow, acting.app.lake, shop, person_id, acting.app.clock.now())


def redeem(acting: Acting, person_id: str, reward_id: str, request_id: str) -> "RedemptionResult":
    """Spend a member's points; asked again with the same id it spends nothing more. Logged where it is granted."""
    from agent.loyalty import redeem as spend

    acting.require("intake")
    app, by = acting.app, acting.principal.id
    with app.store.unit_of_work(durable=True) as uow:
        now, shop = app.clock.now(), uow.shops.get(acting.shop_id)
        found = spend(uow, app.lake, shop, person_id, reward_id, request_id, by, now)
        if found.code == "redeemed" and found.redemption is not None:
            made = found.redemption
            detail = {"reward": made.reward_id, "points": made.points, "shop_id": shop.shop_id}
            uow.audit.append(by, "loyalty.redeem", f"person:{made.person_id}", now, detail)
    return found


def expiring(acting: Acting, start: int = 0, n: int = N_LISTED) -> "ExpiringPage":
    """Give whose points expire within the programme's days of warning, the earliest first, and how many those are."""
    from agent.loyalty.expiring import who_loses

    with acting.reading() as (view, uow, shop):
        return who_loses(view, uow, shop, acting.app.clock.now(), start, n)


def tiers(acting: Acting) -> "tuple[TierPrivileges, ...]":
    """Give each tier with its members, what they may have and what that costs at most, the lowest first."""
    from agent.loyalty.privileges import tier_privileges

    with acting.reading() as (view, uow, shop):
        return tier_privileges(view, uow, shop, acting.app.clock.now())


def eligible(acting: Acting, kind: PrivilegeKind, start: int = 0, n: int = N_LISTED) -> "EligiblePage":
    """Give the members who may have a privilege of this kind: those whose tier has it, and nobody else."""
    from agent.loyalty.privileges import who_may

    with acting.reading() as (view, uow, shop):
        return who_may(view, uow, shop, kind, acting.app.clock.now(), start, n)


def birthdays(acting: Acting, on: date | None = None) -> "tuple[BirthdayBenefit, ...]":
    """Give what birthdays of a day (today where none is named) bring that were not given yet."""
    from agent.loyalty.birthdays import due_birthdays

    with acting.reading() as (view, uow, shop):
        return due_birthdays(view, uow, shop, _day(acting, shop, on), acting.app.clock.now())


def give_birthdays(acting: Acting, on: date | None = None) -> "tuple[BirthdayBenefit, ...]":
    """Give what birthdays of a day bring, once a year each: asked again, nobody gets anything. Logged."""
    from agent.loyalty.birthdays import due_birthdays
    from agent.loyalty.birthdays import give_birthdays as give

    acting.require("dispatch")
    app, now = acting.app, acting.app.clock.now()
    with app.store.read() as uow, app.lake.open(uow.versions.latest().tables, [acting.shop_id]) as view:
        shop = uow.shops.get(acting.shop_id)
        due = due_birthdays(view, uow, shop, _day(acting, shop, on), now)
    with app.store.unit_of_work(durable=True) as uow:
        found = give(uow, shop, due)
        detail = {"n": len(found)}
        uow.audit.append(acting.principal.id, "loyalty.birthdays", f"shop:{shop.shop_id}", now, detail)
    return found


def early_access(acting: Acting) -> tuple[Drop, ...]:
    """Give what is set aside for members, by the day it is for everybody."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.early_access.all(acting.shop_id)


def drop_from(drop_id: str, sku: str, hours: int, public_on: date | None, minute: int, n_total: int) -> Drop:
    """Make what is to be set aside from what a person typed; raises `InvalidInput` that names the field."""
    from agent.written import checked

    values = {"id": drop_id, "sku": sku, "hours": hours, "public_on": public_on, "public_minute": minute}
    return checked(Drop, {**values, "n_total": n_total}, _no_drop)


def _no_drop(why: str) -> InvalidInput:
    return InvalidInput(what="what is set aside", why=why, remedy="See `secondorder loyalty set-aside --help`")


def set_aside(acting: Acting, drop: Drop) -> Drop:
    """Set goods aside for members; the article needs a day of release in the catalogue. Logged."""
    from agent.loyalty.early_access import set_aside as keep

    acting.require("dispatch")
    made = drop.model_copy(update={"n_taken": 0})
    with acting.write("loyalty.set_aside", f"drop:{made.id}", sku=made.sku, n=made.n_total) as uow:
        keep(uow, acting.app.lake, uow.shops.get(acting.shop_id), made)
    return made


def claim(acting: Acting, drop_id: str, person_id: str) -> ClaimResult:
    """Take one of the goods set aside for a member; `code` says how it ended. Logged where it is granted."""
    from agent.loyalty.early_access import asker_of
    from agent.loyalty.early_access import claim as take

    acting.require("intake")
    app = acting.app
    with app.store.read() as uow:
        shop = uow.shops.get(acting.shop_id)
        asker = asker_of(uow, app.lake, shop, drop_id, person_id, app.clock.now())
    with app.store.unit_of_work(durable=True) as uow:
        now = app.clock.now()
        found = take(uow, shop, drop_id, asker, now)
        if found.code == "claimed":
            detail = {"drop": drop_id, "shop_id": shop.shop_id}
            uow.audit.append(acting.principal.id, "loyalty.claim", f"person:{found.person_id}", now, detail)
    return found


def use_credit(
    acting: Acting, plan_id: str, offer_id: str, person_id: str, spend: Money, request_id: str
) -> "CreditUse":
    """Use store credit on an order; `code` says how it ended. Asked again with the same id it is used once. Logged."""
    from agent.loyalty.credit import use_credit as use
    from agent.loyalty.credit import uses_of

    acting.require("intake")
    app = acting.app
    with app.store.read() as uow:
        shop, plan = uow.shops.get(acting.shop_id), uow.plans.get(plan_id).plan
        acting.own("plan", plan_id, plan.shop_id)
        uses = uses_of(uow, app.lake, shop, plan.id, offer_id, person_id, app.clock.now())
    with app.store.unit_of_work(durable=True) as uow:
        now = app.clock.now()
        found = use(uow, shop, plan.id, offer_id, person_id, spend, request_id, now, uses)
        if found.code == "accepted":
            detail = {"offer": offer_id, "plan_id": plan.id}
            uow.audit.append(acting.principal.id, "loyalty.credit", f"person:{person_id}", now, detail)
    return found


def missions(acting: Acting, person_id: str) -> "tuple[MissionProgress, ...]":
    """Give how far somebody is with the missions they were told of: which tasks are done, and what they earned."""
    from agent.loyalty.missions import mission_progress

    with acting.reading() as (view, uow, shop):
        return mission_progress(view, uow, shop, person_id, acting.app.clock.now())


def report(
    acting: Acting, begins_on: date | None = None, ends_on: date | None = None, within_days: int = 90
) -> "MemberReport":
    """Compare members with others who bought in a period, and give what inviting changed where a holdout says it.

    The period is the 90 days that ended `within_days` ago where no days are named, so that every window is over.
    """
    from agent.reports.members import member_report

    acting.require("read")
    app, now = acting.app, acting.app.clock.now()
    begins_at, ends_at = period(acting, begins_on, ends_on, within_days)
    return member_report(app.store, app.lake, acting.shop_id, begins_at, ends_at, within_days, now)


def period(acting: Acting, begins_on: date | None, ends_on: date | None, within_days: int) -> tuple[datetime, datetime]:
    """Give the instants of a period in the shop's days; the 90 days that ended `within_days` ago where none are named.

    Raise `InvalidInput` for one without days, of before `FIRST_YEAR`, or of days to come.
    """
    now, zone = acting.app.clock.now(), ZoneInfo(acting.shop().zone)
    last = ends_on or now.astimezone(zone).date() - timedelta(days=within_days + 1)
    first = begins_on or last - timedelta(days=PERIOD_DAYS - 1)
    if first > last or first.year < FIRST_YEAR or last > now.astimezone(zone).date():
        why = f"it has no days, begins before {FIRST_YEAR} or ends after today"
        raise InvalidInput(what=f"{first} to {last}", why=why, remedy="Name an earlier first day, or a later one.")
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def liability(acting: Acting) -> "Liability":
    """Say what the shop still owes: points and credit nobody used yet, breakage as the assumption it is."""
    from agent.loyalty.liability import liability as read_liability

    with acting.reading() as (view, uow, shop):
        return read_liability(view, uow, shop, acting.app.clock.now())


def invite(acting: Acting, order_ref: str, language: Language = "en") -> "Invitation":
    """Say whether the page after an order invites its buyer to become a member: once per order, never a member."""
    from agent.loyalty.inviting import buyer_of
    from agent.loyalty.inviting import invite as ask

    acting.require("intake")
    app, now = acting.app, acting.app.clock.now()
    with app.store.read() as uow:
        shop = uow.shops.get(acting.shop_id)
        buyer = buyer_of(uow, app.lake, shop, order_ref, now)
    with app.store.unit_of_work() as uow:
        return ask(uow, shop, buyer, language, now)


def _day(acting: Acting, shop: Shop, on: date | None) -> date:
    """Give the day, the shop's today where none is named; raise `InvalidInput` for one that is still to come."""
    today = acting.app.clock.now().astimezone(ZoneInfo(shop.zone)).date()
    if on is not None and (on.year < FIRST_YEAR or on > today):
        why = f"the day is still to come, or before {FIRST_YEAR}"
        raise InvalidInput(what=on.isoformat(), why=why, remedy=f"Name {today} or earlier.")
    return on or today
