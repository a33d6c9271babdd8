"""People's rights: find, export, erase; and the proof of what they permitted."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from memory.domain.errors import InvalidInput, NotPermitted

from .acting import Acting

if TYPE_CHECKING:
    from agent.consents.proof import Proof
    from agent.rights import Erased

MAX_REASON = 200


def export(acting: Acting, who: str) -> dict[str, Any]:
    """Give everything the shop holds about a person; logged."""
    from agent.rights import export_person

    person = _find(acting, who)
    exported = export_person(acting.app, acting.shop_id, person)
    acting.log("person.export", f"person:{person}")
    return exported


def erase(acting: Acting, who: str, reason: str) -> "Erased":
    """Erase a person everywhere; needs the permission in every shop that holds something of them."""
    from agent.rights import erase_person

    if not 3 <= len(reason.strip()) <= MAX_REASON:
        why = "nobody would know why"
        raise InvalidInput(what="the reason", why=why, remedy=f"Give one of 3 to {MAX_REASON} characters")
    person = _find(acting, who)
    with acting.app.store.read() as uow:
        shops = uow.erasures.shops(uow.erasures.subjects(person))
    for shop_id in shops:
        if not acting.principal.may("contact", shop_id):
            raise NotPermitted(principal=acting.principal.id, permission="contact", shop_id=shop_id)
    return erase_person(acting.app, person, reason.strip(), acting.principal.id)


def proof(acting: Acting, who: str, at: datetime | None) -> "Proof":
    """Draw up what a person permitted at an instant, now where none is given; logged."""
    from agent.consents.proof import consent_proof

    person = _find(acting, who)
    drawn = consent_proof(acting.app, acting.shop_id, person, at or acting.app.clock.now())
    acting.log("consent.proof", f"person:{person}", at=drawn.at.isoformat(), digest=drawn.digest)
    return drawn


def _find(acting: Acting, who: str) -> str:
    from agent.rights import find_person

    acting.require("contact")
    with acting.app.store.read() as uow:
        return find_person(uow, acting.app.key, acting.shop_id, who)
