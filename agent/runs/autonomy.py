"""Autonomy levels: granted by a named person for a time, read anew for every decision."""

from datetime import datetime

from pydantic import ValidationError

from agent.planning.price import PlanPrice
from memory.domain.autonomy import AutonomyAction, AutonomyDecision, AutonomyGrant, AutonomyLevel, Thresholds
from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput, NotFound, NotPermitted, NotReady
from memory.domain.mistakes import said
from memory.domain.principal import Principal
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

ASK_LEVEL: AutonomyLevel = 1
"""What holds where nothing was granted: everything is asked."""
LONGEST_DAYS = 366


def grant_autonomy(
    store: Store,
    clock: Clock,
    principal: Principal,
    shop_id: str,
    action: AutonomyAction,
    level: AutonomyLevel,
    expires_at: datetime,
    thresholds: Thresholds | None = None,
    note: str = "",
) -> AutonomyGrant:
    """Grant a level until it expires. Only a person who may approve can, for what goes on by it goes on in their name.

    Raise `NotPermitted` for agents whatever their role (the attempt is on the record), `InvalidInput` otherwise.
    """
    now = clock.now()
    _require_person(store, clock, principal, shop_id, "autonomy.refused", {"action": action, "level": level})
    if (expires_at - now).days > LONGEST_DAYS:
        raise InvalidInput(what="the expiry", why="it is more than a year away", remedy="Grant it for a shorter time")
    try:
        grant = AutonomyGrant(
            id="g" + content_hash([shop_id, action, level, principal.id, now.isoformat()])[:24],
            shop_id=shop_id, action=action, level=level, thresholds=thresholds, granted_by=principal.id,
            granted_at=now, expires_at=expires_at, note=note[:2000],
        )  # fmt: skip
    except ValidationError as error:
        why = said(error.errors()[0])
        raise InvalidInput(what="the grant", why=why, remedy="See docs/autonomy.md") from None
    with store.unit_of_work() as uow:
        currency = uow.shops.get(shop_id).currency
        if thresholds and {thresholds.max_cost.currency, thresholds.max_worst_loss.currency} != {currency}:
            raise InvalidInput(
                what="the thresholds", why=f"the shop keeps {currency}", remedy=f"State them in {currency}"
            )
        uow.autonomy.add(grant)
        detail = {"grant": grant.id, "level": level, "expires_at": expires_at.isoformat(), "note": note[:200]}
        uow.audit.append(principal.id, "autonomy.grant", f"autonomy:{action}", now, detail)
    return grant


def revoke_autonomy(store: Store, clock: Clock, principal: Principal, shop_id: str, grant_id: str) -> AutonomyGrant:
    """Take a grant back at once; raise `NotFound`, `NotPermitted`, or `NotReady` where somebody did already."""
    _require_person(store, clock, principal, shop_id, "autonomy.refused", {"grant": grant_id})
    with store.unit_of_work() as uow:
        if uow.autonomy.get(grant_id).shop_id != shop_id:
            raise NotFound(kind="autonomy", id=grant_id)
        if not uow.autonomy.revoke(grant_id, principal.id, clock.now()):
            raise NotReady(
                what=f"grant {grant_id}", why="it is revoked already", remedy="List: `secondorder autonomy list`"
            )
        uow.audit.append(principal.id, "autonomy.revoke", f"autonomy:{grant_id}", clock.now(), {})
        return uow.autonomy.get(grant_id)


def decide_autonomy(
    uow: UnitOfWork, shop_id: str, action: AutonomyAction, price: PlanPrice | None, now: datetime,
    touched_by: frozenset[str] = frozenset(),
) -> AutonomyDecision:  # fmt: skip
    """Say whether an action may go on by itself now. `price` is what it may cost; `touched_by` who shaped it."""
    grant = uow.autonomy.standing(shop_id, action, now)
    if grant is None:
        return AutonomyDecision(kind="ask", level=ASK_LEVEL, reasons=("nobody granted autonomy for it",))
    if grant.level == 0:
        return AutonomyDecision(kind="draft", level=0, grant_id=grant.id, reasons=("the level is draft only",))
    if grant.level == 1:
        return AutonomyDecision(kind="ask", level=1, grant_id=grant.id, reasons=("the level asks for an approval",))
    reasons = _person_reasons(uow, grant, touched_by)
    if grant.level == 2:
        reasons += _over(grant.thresholds, price)
    kind = "ask" if reasons else "go"
    return AutonomyDecision.model_validate(
        {"kind": kind, "level": grant.level, "grant_id": grant.id, "reasons": tuple(reasons)}
    )


def _person_reasons(uow: UnitOfWork, grant: AutonomyGrant, touched_by: frozenset[str]) -> list[str]:
    """A grant is worth what its giver may still do, and nobody lets their own content through."""
    if grant.granted_by in touched_by:
        return [f"{grant.granted_by}, who granted the level, touched the content"]
    try:
        giver = uow.principals.get(grant.granted_by)
    except NotFound:
        return [f"{grant.granted_by}, who granted the level, is gone"]
    return [] if giver.may("approve", grant.shop_id) else [f"{grant.granted_by} is no approver any more"]


def _over(thresholds: Thresholds | None, price: PlanPrice | None) -> list[str]:
    if thresholds is None or price is None:
        return ["its reach and cost are not known"]
    pairs = (
        ("reach", price.n_people, thresholds.max_reach),
        ("expected cost", price.expected_cost.amount_minor, thresholds.max_cost.amount_minor),
        ("worst-case loss", price.worst_case_cost.amount_minor, thresholds.max_worst_loss.amount_minor),
    )
    if price.expected_cost.currency != thresholds.max_cost.currency:
        return ["its cost is in another currency than the thresholds"]
    return [f"its {what} {actual:,} is above {limit:,}" for what, actual, limit in pairs if actual > limit]


def _require_person(
    store: Store, clock: Clock, principal: Principal, shop_id: str, action: str, detail: dict[str, object]
) -> None:
    if principal.kind == "human" and principal.may("approve", shop_id):
        return
    with store.unit_of_work() as uow:
        uow.audit.append(principal.id, action, f"shop:{shop_id}", clock.now(), {**detail, "kind": principal.kind})
    raise NotPermitted(principal=principal.id, permission="approve", shop_id=shop_id)
