"""People, a stored plan and a request for it."""

from memory.domain.approval import Approval
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import good_plan


def person(name: str, *roles: str, kind: str = "human") -> Principal:
    grants = tuple(Grant.model_validate({"shop_id": "nord", "role": role}) for role in roles)
    return Principal.model_validate({"id": name, "name": name.title(), "kind": kind, "grants": grants})


MIA = person("mia", "marketer")
AVA = person("ava", "approver")
BEN = person("ben", "approver")
BOT = person("bot", "agent", "approver", kind="agent")
PLAN_ID = good_plan().id


def with_plan(store: Store, clock: ManualClock, touched_by: tuple[str, ...] = ()) -> None:
    """Store the shop, its guardrails, everybody, and the good plan drafted by Mia."""
    with store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.guardrails.put("nord", guardrails(), "mia", clock.now(), "first")
        for principal in (MIA, AVA, BEN, BOT):
            uow.principals.add(principal, clock.now(), "system")
        uow.plans.put(good_plan(), "mia", touched_by, clock.now())


def requested(store: Store, clock: ManualClock) -> Approval:
    from agent.approval import request

    return request(store, clock, MIA, PLAN_ID)
