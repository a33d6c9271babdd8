"""`secondorder person`: what is known of one person, where it comes from and how fresh it is."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.reports import PersonFact

group = typer.Typer(no_args_is_help=True, help="One person: profile, origin and freshness of each value, merges.")
PSEUDONYM = re.compile(r"p[0-9a-z]+")


@command(group, "show")
def show(
    desk: Desk,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonym, or an exact e-mail address or number.")],
) -> None:
    """Show one person; names and addresses only to roles that may see contact data."""
    from api.verbs import people

    from .tables import facts, table

    is_pseudonym = PSEUDONYM.fullmatch(person) is not None
    found = people.show(desk.acting, person) if is_pseudonym else people.look_up(desk.acting, person)
    head = {"person": found.person_id, "facts up to": found.as_of, "data version": found.data_version}
    head |= {"records": found.records, "erased": found.is_erased}
    if found.contact is not None:
        head |= {name: value for name, value in found.contact.model_dump().items() if value and name != "subject_id"}
    columns = ("what", "value", "newest fact", "imported", "from")
    merges = [
        (
            one.link_id,
            f"{one.left_kind} = {one.right_kind}",
            one.rule,
            one.source,
            one.at,
            f"reversed by {one.reversed_by}" if one.reversed_at else "holds",
        )
        for one in found.merges
    ]
    desk.emit(
        found,
        facts(head),
        table("Context", columns, _rows(found.context)),
        table("What else is known", columns, _rows(found.facts)),
        table("Why these records are one person", ("link", "records", "rule", "source", "at", "state"), merges),
    )


def _rows(known: "Iterable[PersonFact]") -> "list[tuple[object, ...]]":
    return [
        (
            one.name.replace("_", " "),
            one.value,
            f"{one.newest_fact_at:%Y-%m-%d}" if one.newest_fact_at else "",
            f"{one.arrived_at:%Y-%m-%d}" if one.arrived_at else "",
            one.sources,
        )
        for one in known
    ]
