"""Ambassadors: candidates, proposals, decisions with four eyes, and what friends of ambassadors order."""

from typing import TYPE_CHECKING

from memory.domain.ambassador import Ambassador

from .acting import Acting

if TYPE_CHECKING:
    from agent.community.ambassadors import AmbassadorOrders, Candidate, CandidatePage

N_LISTED = 1_000
"""Most candidates that one answer lists; the next ones come with `start`."""


def candidates(acting: Acting, start: int = 0, n: int = 50) -> "CandidatePage":
    """Give candidates, the highest score first, each with what it is made of."""
    from agent.community.ambassadors import candidates as found

    with acting.reading() as (view, uow, shop):
        return found(view, uow, shop, acting.app.clock.now(), start, n)


def ambassadors(acting: Acting) -> tuple[Ambassador, ...]:
    """Give everybody who was ever proposed, and where it stands."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.ambassadors.all(acting.shop_id)


def proposals(acting: Acting) -> "tuple[Candidate, ...]":
    """Give everybody whose invitation waits for a second person, each with what their score is made of."""
    from agent.community.ambassadors import explain

    with acting.reading() as (view, uow, shop):
        waiting = [one.person_id for one in uow.ambassadors.all(acting.shop_id) if one.state == "proposed"]
        return explain(view, uow, shop, waiting, acting.app.clock.now())


def propose(acting: Acting, person_id: str) -> Ambassador:
    """Propose a buyer; nobody is invited by it. Logged."""
    from agent.community.ambassadors import explained
    from agent.community.ambassadors import propose as put

    acting.require("plan")
    now = acting.app.clock.now()
    with acting.reading() as (view, uow, shop):
        found = explained(view, uow, shop, person_id, now)
    detail = {"shop_id": acting.shop_id, "score": found.score}
    with acting.write("ambassador.propose", f"person:{found.person_id}", **detail) as uow:
        return put(uow, shop, found, acting.principal.id, now)


def decide(acting: Acting, person_id: str, *, approve: bool) -> Ambassador:
    """Approve or refuse an invitation: a person who may approve, never who proposed it, never an agent. Logged."""
    from agent.community.ambassadors import decide as put

    acting.require("approve")
    action = "ambassador.approve" if approve else "ambassador.refuse"
    with acting.write(action, f"person:{person_id}", shop_id=acting.shop_id) as uow:
        shop, now = uow.shops.get(acting.shop_id), acting.app.clock.now()
        return put(uow, shop, acting.principal, person_id, approve=approve, at=now)


def accept(acting: Acting, person_id: str) -> Ambassador:
    """Keep that who was invited said yes: they are an ambassador from now on. Logged."""
    acting.require("intake")
    now = acting.app.clock.now()
    with acting.write("ambassador.accept", f"person:{person_id}", shop_id=acting.shop_id) as uow:
        return uow.ambassadors.move(acting.shop_id, person_id, ("invited",), "ambassador", accepted_at=now)


def end(acting: Acting, person_id: str) -> Ambassador:
    """Keep that somebody is no ambassador any more, or is not to be invited. Logged."""
    acting.require("plan")
    now = acting.app.clock.now()
    with acting.write("ambassador.end", f"person:{person_id}", shop_id=acting.shop_id) as uow:
        return uow.ambassadors.move(acting.shop_id, person_id, ("invited", "ambassador"), "ended", ended_at=now)


def orders(acting: Acting) -> "tuple[AmbassadorOrders, ...]":
    """Give what the friends of everybody who said yes ordered since, most first."""
    from agent.community.ambassadors import ambassador_orders

    with acting.reading() as (view, uow, shop):
        return ambassador_orders(view, uow, shop, acting.app.clock.now())
