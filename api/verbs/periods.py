"""Pre-approved periods: grant, list, read what came of one, revoke."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.pre_approval import PeriodDigest, PeriodLimits, PreApproval

from .acting import Acting


class PeriodWish(Frozen):
    """What an approver approves in advance."""

    plan_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
    """The plan; the first signs of its id are enough."""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What people call the period."""
    from_on: date
    """Its first day, in the shop's zone."""
    until_on: date
    """Its last day."""
    limits: PeriodLimits
    """What the plan may do in it; never wider than the guardrails and the plan itself."""
    deputy: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}$")]
    """Who may decide about the plan's requests in it."""


def wish_of(raw: Mapping[str, Any]) -> PeriodWish:
    """Make a wish of fields; raises `InvalidInput` that names every wrong one."""
    from agent.written import checked

    return checked(PeriodWish, raw, _unusable)


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the period", why=why, remedy="See `secondorder period grant --help`.")


def grant(acting: Acting, wish: PeriodWish) -> PreApproval:
    """Approve in advance what a plan may do in a period; for approvers who did not touch it. Logged."""
    from agent.approval.periods import grant_period

    from .plans import get

    acting.require_person("approve")
    plan, now, zone = get(acting, wish.plan_id).plan, acting.app.clock.now(), ZoneInfo(acting.shop().zone)
    days = (wish.from_on, wish.until_on + timedelta(days=1))
    starts_at, ends_at = (datetime.combine(day, time(0), zone).astimezone(UTC) for day in days)
    with acting.app.store.unit_of_work() as uow:
        who = acting.principal
        return grant_period(uow, who, plan.id, wish.name, starts_at, ends_at, wish.limits, wish.deputy, now)


def periods(acting: Acting) -> tuple[PreApproval, ...]:
    """Give the shop's periods, the latest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.pre_approvals.all(acting.shop_id)


def digest(acting: Acting, period_id: str) -> PeriodDigest:
    """Give everything that a period's plan sent or stopped in it, up to now where it still runs."""
    from agent.approval.periods import digest_of

    acting.require("read")
    with acting.app.store.read() as uow:
        period = uow.pre_approvals.get(period_id)
        acting.own("period", period_id, period.shop_id)
        return digest_of(uow, period, acting.app.clock.now())


def revoke(acting: Acting, period_id: str) -> PreApproval:
    """End a period now: its limits and its deputy's right end with it. Logged."""
    from agent.approval.periods import revoke_period

    acting.require_person("approve")
    with acting.app.store.unit_of_work() as uow:
        acting.own("period", period_id, uow.pre_approvals.get(period_id).shop_id)
        return revoke_period(uow, acting.principal, period_id, acting.app.clock.now())
