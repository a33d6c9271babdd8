"""Loyalty: the programme, members' accounts, redeeming points, what expires soon."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import Field

from agent.loyalty import MemberAccount, RedemptionResult
from agent.loyalty.birthdays import BirthdayBenefit
from agent.loyalty.credit import CreditUse
from agent.loyalty.expiring import ExpiringPage
from agent.loyalty.inviting import Invitation
from agent.loyalty.liability import Liability
from agent.loyalty.mission_totals import MissionTotal
from agent.loyalty.missions import MissionProgress
from agent.loyalty.privileges import EligiblePage, TierPrivileges
from agent.reports.members import MemberReport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import loyalty, loyalty_overview
from memory.domain.base import Frozen, Slug
from memory.domain.early_access import ClaimResult, Drop
from memory.domain.loyalty import LoyaltyProgramme, ProgrammeVersion
from memory.domain.market import Language
from memory.domain.money import Money

router = APIRouter(prefix="/api/loyalty", tags=["loyalty"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Limiting = Annotated[Acting, Depends(needs("guardrail"))]
Serving = Annotated[Acting, Depends(needs("intake"))]
PersonId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$", description="The pseudonym.")]

DropId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="What was set aside.")]
Window = Annotated[int, Query(ge=1, le=365, description="Days within which a further order counts.")]
Start = Annotated[int, Query(ge=0, le=2**31, description="How many to pass over.")]
Limit = Annotated[int, Query(ge=1, le=loyalty.N_LISTED, description="At most so many.")]
Day = Annotated[date | None, Query(description="A day in the shop's zone; where it is left out, see the route.")]


class RedemptionRequest(Frozen):
    """Points to spend."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
    """The request's own id; the same one again spends nothing more."""
    reward_id: Slug
    """For what."""


class Claim(Frozen):
    """Who asks for one."""

    person_id: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
    """The pseudonym."""


class PlacedOrder(Frozen):
    """The order whose page is shown."""

    order_ref: Annotated[str, Field(min_length=1, max_length=200)]
    """The shop's own name of it, as imported."""
    language: Language = "en"
    """The language of the page."""


class CreditRequest(Frozen):
    """A credit to be used on an order."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9#][A-Za-z0-9_.:#-]{0,63}$")]
    """The order's name, or the request's own id; the same one again uses nothing more."""
    plan_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
    """The plan that gave it."""
    offer_id: Slug
    """The offer."""
    spend: Money
    """The order's goods after discounts."""


@router.get("/programme")
def show_programme(acting: Reading) -> ProgrammeVersion:
    """Give the programme that was set last."""
    return loyalty.programme(acting)


@router.get("/programme/now")
def programmes_now(acting: Reading) -> loyalty_overview.ProgrammesNow:
    """Give the programme in force and the next one that starts later."""
    return loyalty_overview.programmes_now(acting)


@router.get("/programme/example")
def example(acting: Reading) -> LoyaltyProgramme:
    """Give a programme to start from, in the shop's price points; nothing is set."""
    return loyalty.example(acting)


@router.put("/programme")
def set_programme(acting: Limiting, programme: Annotated[LoyaltyProgramme, Body()]) -> ProgrammeVersion:
    """Put a programme in force from its first day on; what was earned before stays."""
    return loyalty.put(acting, programme)


@router.get("/programmes")
def programmes(acting: Reading) -> list[ProgrammeVersion]:
    """List every programme the shop ever set, oldest first."""
    return list(loyalty.programmes(acting))


@router.get("/expiring")
def expiring(acting: Reading, start: Start = 0, limit: Limit = loyalty.N_LISTED) -> ExpiringPage:
    """List whose points expire within the programme's days of warning, the earliest first, and say how many."""
    return loyalty.expiring(acting, start, limit)


@router.get("/people/{person_id}")
def account(acting: Reading, person_id: PersonId) -> MemberAccount:
    """Give a member's balance, movements, tier and what it may have, worked out from the facts of now."""
    return loyalty.account(acting, person_id)


@router.post("/people/{person_id}/redemptions")
def redeem(acting: Serving, person_id: PersonId, body: Annotated[RedemptionRequest, Body()]) -> RedemptionResult:
    """Spend a member's points; `code` says how it ended. A balance never goes below zero by it."""
    return loyalty.redeem(acting, person_id, body.reward_id, body.id)


@router.get("/tiers")
def tiers(acting: Reading) -> list[TierPrivileges]:
    """Give each tier with its members, what they may have and what that costs at most."""
    return list(loyalty.tiers(acting))


@router.get("/privileges/{kind}")
def eligible(
    acting: Reading,
    kind: Annotated[loyalty.PrivilegeKind, Path(description="Which.")],
    start: Start = 0,
    limit: Limit = loyalty.N_LISTED,
) -> EligiblePage:
    """List the members who may have a privilege, those whose tier has it and nobody else, and say how many."""
    return loyalty.eligible(acting, kind, start, limit)


@router.get("/birthdays")
def birthdays(acting: Reading, on: Day = None) -> list[BirthdayBenefit]:
    """List what birthdays of a day bring that were not given yet this year."""
    return list(loyalty.birthdays(acting, on))


@router.post("/birthdays")
def give_birthdays(acting: Annotated[Acting, Depends(needs("dispatch"))], on: Day = None) -> list[BirthdayBenefit]:
    """Give what birthdays of a day bring, once a year each: asked again, nobody gets anything."""
    return list(loyalty.give_birthdays(acting, on))


@router.get("/early-access")
def early_access(acting: Reading) -> list[Drop]:
    """List what is set aside for members, by the day it is for everybody."""
    return list(loyalty.early_access(acting))


@router.post("/early-access")
def set_aside(acting: Annotated[Acting, Depends(needs("dispatch"))], drop: Annotated[Drop, Body()]) -> Drop:
    """Set goods aside for members; the article needs a day of release in the catalogue."""
    return loyalty.set_aside(acting, drop)


@router.post("/early-access/{drop_id}/claims")
def claim(acting: Serving, drop_id: DropId, body: Annotated[Claim, Body()]) -> ClaimResult:
    """Take one for a member where it is open for them; `code` says how it ended. Never more than are set aside."""
    return loyalty.claim(acting, drop_id, body.person_id)


@router.post("/invitations")
def invite(acting: Serving, body: Annotated[PlacedOrder, Body()]) -> Invitation:
    """Say whether the page after an order invites its buyer to become a member: once per order, never a member."""
    return loyalty.invite(acting, body.order_ref, body.language)


@router.post("/people/{person_id}/credits")
def use_credit(acting: Serving, person_id: PersonId, body: Annotated[CreditRequest, Body()]) -> CreditUse:
    """Use store credit on an order: refused before its first day and after its last; `code` says how it ended."""
    return loyalty.use_credit(acting, body.plan_id, body.offer_id, person_id, body.spend, body.id)


@router.get("/liability")
def liability(acting: Reading) -> Liability:
    """Say what the shop still owes: points and credit nobody used yet, breakage as the assumption it is."""
    return loyalty.liability(acting)


@router.get("/people/{person_id}/missions")
def missions(acting: Reading, person_id: PersonId) -> list[MissionProgress]:
    """Give how far somebody is with the missions they were told of: which tasks are done, and what they earned."""
    return list(loyalty.missions(acting, person_id))


@router.get("/missions")
def all_missions(acting: Reading) -> list[MissionTotal]:
    """Give every mission of plans that run, with how many people did how many of its tasks."""
    return list(loyalty_overview.missions(acting))


@router.get("/report")
def report(acting: Reading, begins_on: Day = None, ends_on: Day = None, within_days: Window = 90) -> MemberReport:
    """Compare members with others as they are, not causal; give what inviting changed only from a holdout."""
    return loyalty.report(acting, begins_on, ends_on, within_days)
