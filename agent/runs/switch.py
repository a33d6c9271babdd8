"""The kill switch: anyone who may dispatch or approve stops a shop; only a person lets it go on."""

from agent.alerts import without_people
from memory.domain.clock import Clock
from memory.domain.errors import NotPermitted
from memory.domain.principal import Permission, Principal
from memory.domain.switch import EVERYWHERE, KillSwitch
from memory.store.engine import Store


def may_set(principal: Principal, scope: str, *, is_stopped: bool) -> bool:
    """Say whether a principal may stop (or release) a shop, or everything (`*`)."""
    permissions: tuple[Permission, ...] = ("admin",) if scope == EVERYWHERE else ("dispatch", "approve")
    where = principal.shops() if scope == EVERYWHERE else (scope,)
    may = any(principal.may(one, shop) for one in permissions for shop in where)
    return may and (is_stopped or principal.kind == "human")


def set_switch(
    store: Store, clock: Clock, principal: Principal, scope: str, *, is_stopped: bool, reason: str = ""
) -> KillSwitch:
    """Stop or release hand-offs of a shop, or of the whole organisation (`*`, admins only), from this instant on.

    It is read in every claim and again right before every hand-off; nothing planned is lost or repeated by it.
    """
    if not may_set(principal, scope, is_stopped=is_stopped):
        permission = "admin" if scope == EVERYWHERE else "dispatch"
        raise NotPermitted(principal=principal.id, permission=permission, shop_id=scope)
    switch = KillSwitch(
        scope=scope, is_stopped=is_stopped, set_by=principal.id, set_at=clock.now(), reason=reason[:500]
    )
    with store.unit_of_work(durable=True) as uow:
        uow.switches.put(switch)
        action = "switch.stop" if is_stopped else "switch.go"
        uow.audit.append(principal.id, action, f"switch:{scope}", switch.set_at, {"reason": switch.reason})
    if is_stopped:
        _raise_alert(store, switch)
    return switch


def _raise_alert(store: Store, switch: KillSwitch) -> None:
    """Only once it is stopped: looking for names in the reason reads every contact of the shop."""
    with store.read() as uow:
        reason = without_people(uow, switch.scope, switch.reason)
    told = f"{switch.set_by} stopped all hand-offs: {reason or 'no reason given'}"
    with store.unit_of_work() as uow:
        uow.alerts.add(switch.scope, "kill_switch", f"switch:{switch.set_at.isoformat()}", told, switch.set_at)
