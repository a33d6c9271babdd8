"""`secondorder audit`: who did what, and whether the record still holds."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Who did what, and whether the record still holds.")


@command(group, "verify")
def verify(desk: Desk) -> None:
    """Check every entry, the chain between them and the anchored head; names the first entry that was changed."""
    desk.require("self")
    with desk.app.store.read() as uow:
        n_entries = desk.app.audit_anchor.verify(uow.audit)
    desk.emit({"n_entries": n_entries}, f"{n_entries} entries; the chain holds and ends as it was anchored.")


@command(group, "list")
def list_(
    desk: Desk,
    after: Annotated[int, typer.Option(min=0, help="Only entries behind this one.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
) -> None:
    """List entries, oldest first; the log is the whole installation's, so it needs an admin of every shop."""
    from memory.store.audit import one_line

    from .tables import table

    with desk.app.store.read() as uow:
        for shop in uow.shops.all():
            desk.principal.require("admin", shop.shop_id)
        found = uow.audit.entries(after=after, limit=limit)
    rows = [(one.seq, one.at, one.actor, one.action, one.subject, one_line(str(one.detail))) for one in found]
    desk.emit(found, table("Audit log", ("#", "at", "who", "did", "to", "more"), rows))
