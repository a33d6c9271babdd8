"""People: one person's profile with the origin of every value; found by pseudonym, or by address where allowed."""

from typing import TYPE_CHECKING

from memory.domain.principal import Permission

from .acting import Acting

SEES_CONTACT: Permission = "admin"
"""Who sees contact data in a profile; support finds people and stops messages, and sees no address."""

if TYPE_CHECKING:
    from agent.reports import PersonProfile, PersonView
    from agent.reports.timeline import Timeline


def show(acting: Acting, person_id: str) -> "PersonView":
    """Give one person of the shop; contact data only to roles that may see it, and then it is logged."""
    found = _read(acting, person_id, may_see_contact=acting.principal.may(SEES_CONTACT, acting.shop_id))
    if found.contact is not None:
        acting.log("person.contact", f"person:{found.person_id}")
    return found


def profile(acting: Acting, person_id: str) -> "PersonProfile":
    """Give one person of the shop without contact data, whoever asks."""
    from agent.reports import PersonProfile

    found = _read(acting, person_id, may_see_contact=False)
    return PersonProfile.model_validate(found.model_dump(exclude={"contact"}))


def timeline(acting: Acting, person_id: str) -> "Timeline":
    """Give what happened to one person of the shop, newest first, and how their consent stands; no contact data."""
    from agent.reports.timeline import person_timeline

    acting.require("read")
    return person_timeline(acting.app, acting.shop_id, person_id)


def look_up(acting: Acting, address: str) -> "PersonView":
    """Give the person with exactly this address; needs the right to see contact data, else it would tell who buys."""
    from agent.reports import find_person

    acting.require(SEES_CONTACT)
    with acting.app.store.read() as uow:
        person_id = find_person(uow, uow.shops.get(acting.shop_id), acting.app.key, address)
    return show(acting, person_id)


def _read(acting: Acting, person_id: str, *, may_see_contact: bool) -> "PersonView":
    from agent.reports import person_view

    acting.require("read")
    app = acting.app
    with acting.facts() as view:
        as_of = acting.as_of(view)
    return person_view(app.store, app.lake, acting.shop_id, person_id, as_of, may_see_contact=may_see_contact)
