"""`secondorder person`: what is known of one person, where it comes from and how fresh it is."""

import re
from typing import Annotated

import typer

from .command import command
from .desk import Desk, language_from

group = typer.Typer(no_args_is_help=True, help="One person: profile, origin and freshness of each value, merges.")
PSEUDONYM = re.compile(r"p[0-9a-z]+")


@command(group, "show")
def show(
    desk: Desk,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonym, or an exact e-mail address or number.")],
    language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en",
) -> None:
    """Show one person; names and addresses only to roles that may see contact data."""
    from agent.reports import PersonWords
    from api.verbs import people

    from .tables import facts, table

    say = PersonWords(language_from(language))
    is_pseudonym = PSEUDONYM.fullmatch(person) is not None
    found = people.show(desk.acting, person) if is_pseudonym else people.look_up(desk.acting, person)
    columns = tuple(say(name) for name in ("what", "value", "newest", "arrived", "sources"))
    merged = tuple(say(name) for name in ("link", "records", "rule", "source", "at", "state"))
    desk.emit(
        found,
        facts(say.head(found)),
        table(say("context"), columns, [say.fact(one) for one in found.context]),
        table(say("facts"), columns, [say.fact(one) for one in found.facts]),
        table(say("merges"), merged, [say.merge(one) for one in found.merges]),
    )
