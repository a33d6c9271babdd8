"""Shadow mode: a plan freezes its people and decides beside the shop's present sender, and nothing of it leaves."""

from memory.domain.clock import Clock
from memory.domain.errors import NotReady
from memory.domain.plan import Plan
from memory.domain.principal import Principal
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .go_live import GoneLive, freeze


def start_shadow(store: Store, lake: Lake, clock: Clock, key: bytes, principal: Principal, plan: Plan) -> GoneLive:
    """Let a plan that was never live decide without sending; raise `NotReady` where it runs already.

    It needs no approval, for nothing leaves; going live afterwards needs one as always.
    """
    principal.require("plan", plan.shop_id)

    def begun(uow: UnitOfWork) -> None:
        status = uow.plans.get(plan.id).status
        if status not in ("draft", "waiting", "approved"):
            raise NotReady(what=f"plan {plan.id[:12]}", why=f"it is {status}", remedy="Draft a new one")
        uow.amendments.begin_shadow(plan.id, plan.shop_id, principal.id, clock.now())
        uow.audit.append(principal.id, "plan.shadow", f"plan:{plan.id}", clock.now(), {})

    return freeze(store, lake, clock, key, plan, begun)
