"""`secondorder support`: find a person, see why they got a message, stop everything."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk
from .secret import typed

group = typer.Typer(no_args_is_help=True, help="Find a person, see why they got a message, stop everything.")
Person = Annotated[str, typer.Argument(metavar="PERSON", help="The pseudonym that `support find` gives.")]


@command(group, "find")
def find(desk: Desk) -> None:
    """Find whose e-mail address, phone number or order number it is; it is asked for, or read from stdin."""
    from api.verbs.support import find as look

    from .tables import table

    desk.require("contact")
    found = look(desk.acting, typed("Address or order number"))
    rows = [
        (
            one.person_id,
            one.market,
            one.language,
            ", ".join(state.channel for state in one.channels if state.is_consented and not state.is_suppressed),
        )
        for one in found
    ]
    desk.emit(found, table("People", ("person", "market", "language", "open channels"), rows))


@command(group, "why")
def why(desk: Desk, person_id: Person) -> None:
    """Say what a person was sent and why, newest first."""
    from api.verbs.support import why as tell

    from .tables import table

    found = tell(desk.acting, person_id)
    rows = [
        (
            one.message.due_at,
            one.message.channel,
            one.message.message_kind,
            one.message.template,
            " ".join(filter(None, (one.message.state, one.message.reason))),
            one.chosen_reason,
            one.approved_by,
            one.why,
        )
        for one in found
    ]
    heads = ("due", "channel", "what", "template", "became", "chosen for", "approved by", "why")
    desk.emit(found, table("Messages", heads, rows))


@command(group, "answer")
def answer(
    desk: Desk,
    person_id: Person,
    language: Annotated[str, typer.Option(help="en, zh, de, fr, es or ja; the person's own where none is given.")] = "",
) -> None:
    """Write the plain answer to "why did I get this?" in the person's language."""
    from api.verbs.support import answer as write

    found = write(desk.acting, person_id, language)
    desk.emit(found, found.text)


@command(group, "stop")
def stop(desk: Desk, person_id: Person, note: Annotated[str, typer.Option(help="What the person said.")] = "") -> None:
    """Stop everything but receipts to a person, at once."""
    from api.verbs.support import stop_all

    found = stop_all(desk.acting, person_id, note)
    desk.emit(
        found, f"Nothing but receipts goes to {found.person_id} any more: {', '.join(found.channels)} are closed."
    )
