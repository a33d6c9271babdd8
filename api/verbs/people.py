"""People: one person's profile with the origin of every value; found by pseudonym, or by address where allowed."""

from typing import TYPE_CHECKING

from .acting import Acting

if TYPE_CHECKING:
    from agent.reports import PersonView


def show(acting: Acting, person_id: str) -> "PersonView":
    """Give one person of the shop; contact data only to roles that may see it, and then it is logged."""
    from agent.reports import person_view

    acting.require("read")
    may_see = acting.principal.may("contact", acting.shop_id)
    app = acting.app
    with acting.facts() as view:
        as_of = acting.as_of(view)
    found = person_view(app.store, app.lake, acting.shop_id, person_id, as_of, may_see_contact=may_see)
    if found.contact is not None:
        acting.log("person.contact", f"person:{found.person_id}")
    return found


def look_up(acting: Acting, address: str) -> "PersonView":
    """Give the person with exactly this address; needs the right to see contact data, else it would tell who buys."""
    from agent.reports import find_person

    acting.require("contact")
    with acting.app.store.read() as uow:
        person_id = find_person(uow, uow.shops.get(acting.shop_id), acting.app.key, address)
    return show(acting, person_id)
