"""Control of what runs: kill switch, staged release, shadow mode, amendments."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from memory.domain.amendment import Amendment
from memory.domain.base import Frozen
from memory.domain.errors import NotPermitted, NotReady
from memory.domain.release import Release
from memory.domain.standing import StandingHoldout
from memory.domain.switch import EVERYWHERE, KillSwitch

from .acting import Acting

if TYPE_CHECKING:
    from agent.reports.shadow import ShadowReport
    from agent.tick.go_live import GoneLive


class Stops(Frozen):
    """What stops a shop's hand-offs, and what the one who looks may do about it."""

    by: tuple[KillSwitch, ...]
    """The switches that are on stop: the shop's, the organisation's (`*`), or both; empty while messages may leave."""
    may_stop: bool
    """Whether they may stop the shop."""
    may_stop_everywhere: bool
    """Whether they may stop every shop."""
    may_go_on: bool
    """Whether they may release everything that stops it."""


def switches(acting: Acting) -> tuple[KillSwitch, ...]:
    """Give the kill switches that bind the shop and were ever set."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.switches.of(acting.shop_id)


def stops(acting: Acting) -> Stops:
    """Give what stops the shop now and whether the principal may change that; for everybody with a role in it."""
    from agent.runs.switch import may_set

    acting.require("self")
    with acting.app.store.read() as uow:
        found = tuple(one for one in uow.switches.of(acting.shop_id) if one.is_stopped)
    who, here = acting.principal, acting.shop_id
    return Stops(
        by=found,
        may_stop=may_set(who, here, is_stopped=True),
        may_stop_everywhere=may_set(who, EVERYWHERE, is_stopped=True),
        may_go_on=bool(found) and all(may_set(who, one.scope, is_stopped=False) for one in found),
    )


def go_on(acting: Acting, reason: str = "") -> None:
    """Let hand-offs go on: release every switch that stops the shop; raise `NotPermitted` before any changes."""
    from agent.runs import set_switch

    found = stops(acting)
    if found.by and not found.may_go_on:
        everywhere = any(one.scope == EVERYWHERE for one in found.by)
        scope, permission = (EVERYWHERE, "admin") if everywhere else (acting.shop_id, "dispatch")
        raise NotPermitted(principal=acting.principal.id, permission=permission, shop_id=scope)
    for one in found.by:
        set_switch(acting.app.store, acting.app.clock, acting.principal, one.scope, is_stopped=False, reason=reason)


def switch(acting: Acting, *, is_stopped: bool, is_everywhere: bool = False, reason: str = "") -> KillSwitch:
    """Stop all hand-offs of the shop or of the organisation, or let them go on."""
    from agent.runs import set_switch

    scope = EVERYWHERE if is_everywhere else acting.shop_id
    return set_switch(acting.app.store, acting.app.clock, acting.principal, scope, is_stopped=is_stopped, reason=reason)


def standing(acting: Acting) -> StandingHoldout | None:
    """Give the shop's standing holdout, or none."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.standing.get(acting.shop_id)


def set_standing(
    acting: Acting, core_rate: float | None = None, rotating_rate: float | None = None, period_days: int | None = None
) -> StandingHoldout:
    """Withhold shares of the shop's people from all plans that go live from now on; drawn people keep their arm.

    What is not given stays as it stands; where nothing stands, shares are 0. Another length begins a new period today.
    """
    acting.require("guardrail")
    today = acting.app.clock.now().astimezone(ZoneInfo(acting.shop().zone)).date()
    before = standing(acting) or StandingHoldout(shop_id=acting.shop_id, core_rate=0.0, started_on=today)
    given = {"core_rate": core_rate, "rotating_rate": rotating_rate, "period_days": period_days}
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if changes.get("period_days", before.period_days) != before.period_days:
        changes["started_on"] = today
    holdout = StandingHoldout.model_validate(before.model_dump() | changes)
    detail = holdout.model_dump(mode="json", exclude={"shop_id"})
    with acting.write("holdout.standing", f"shop:{acting.shop_id}", **detail) as uow:
        uow.standing.put(holdout)
    return holdout


def releases(acting: Acting) -> tuple[Release, ...]:
    """List the shop's staged releases."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.releases.all(acting.shop_id)


def advance_release(acting: Acting, plan_id: str) -> Release:
    """Let a release reach more people on a person's word; raises `NotReady` before its wait is over or after harm."""
    from agent.runs.releasing import advance_release as advanced

    before = _release(acting, plan_id)
    if before.status not in ("going", "asking") or acting.app.clock.now() < before.advance_at:
        why = f"it is {before.status}, its wait ends {before.advance_at:%Y-%m-%d %H:%M} UTC"
        raise NotReady(what=f"the release of plan {plan_id[:12]}", why=why, remedy="Wait, or stop the plan")
    with acting.write("release.advance", f"plan:{before.plan_id}", stage=before.stage + 1) as uow:
        after = advanced(uow, before, acting.app.clock)
        uow.releases.move(before, after)
    return after


def resume_release(acting: Acting, plan_id: str) -> Release:
    """Let a stopped release go on at the stage it was in, on a person's word."""
    before = _release(acting, plan_id)
    if before.status != "stopped":
        raise NotReady(what=f"the release of plan {plan_id[:12]}", why=f"it is {before.status}", remedy="Nothing to do")
    after = before.model_copy(update={"status": "going", "reason": "", "advance_at": acting.app.clock.now()})
    with acting.write("release.resume", f"plan:{before.plan_id}", reason=before.reason) as uow:
        uow.releases.move(before, after)
    return after


def start_shadow(acting: Acting, plan_id: str) -> "GoneLive":
    """Let a plan decide beside the shop's present sender; nothing of it leaves."""
    from agent.tick import start_shadow as begin

    from .plans import get

    app = acting.app
    return begin(app.store, app.lake, app.clock, app.key, acting.principal, get(acting, plan_id).plan)


def shadow_report(acting: Acting, plan_id: str) -> "ShadowReport":
    """Say what a plan in the shadow would have sent and skipped, with samples."""
    from agent.reports.shadow import report_shadow

    from .plans import get

    app = acting.app
    return report_shadow(app.store, app.lake, app.key, get(acting, plan_id).plan, app.markets, app.settings.public_url)


def amend(acting: Acting, old_id: str, new_id: str) -> Amendment:
    """Ask for a live plan to become another one."""
    from agent.runs import amend as ask

    from .plans import get

    old, new = get(acting, old_id).plan, get(acting, new_id).plan
    return ask(acting.app.store, acting.app.clock, acting.principal, old.id, new.id)


def amendments(acting: Acting) -> tuple[Amendment, ...]:
    """List the shop's amendments."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.amendments.all(acting.shop_id)


def _release(acting: Acting, plan_id: str) -> Release:
    from .plans import get

    acting.require("dispatch")
    if acting.principal.kind != "human":
        raise NotReady(what="the release", why="only a person may move it on", remedy="Ask one")
    stored = get(acting, plan_id)
    with acting.app.store.read() as uow:
        found = uow.releases.get(stored.plan.id)
    if found is None:
        raise NotReady(what=f"plan {plan_id[:12]}", why="it was not released in stages", remedy="See `release list`")
    return found
