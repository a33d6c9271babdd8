"""`secondorder rights` and `consent`: a person's copy, erasure, and the proof of what they permitted."""

from pathlib import Path
from typing import Annotated

import typer

from memory.domain.errors import InvalidInput

from .command import command
from .desk import Desk, instant_from, write_new

group = typer.Typer(no_args_is_help=True, help="People's rights: a copy of everything held, and erasure.")
consent = typer.Typer(no_args_is_help=True, help="What people permitted, and the proof of it.")

Person = Annotated[str, typer.Argument(metavar="PERSON", help="Pseudonym, e-mail address, number or customer id.")]


@command(group, "export")
def export(
    desk: Desk,
    person: Person,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new .zip or .json file.")] = None,
) -> None:
    """Give a copy of everything the shop holds about a person."""
    import json

    from agent.rights.exporting import as_zip
    from api.verbs.rights import export as copy

    exported = copy(desk.acting, person)
    if out is None:
        desk.emit(exported, json.dumps(exported, ensure_ascii=False, indent=2))
        return
    is_zip = out.suffix == ".zip"
    write_new(out, as_zip(exported) if is_zip else json.dumps(exported, ensure_ascii=False, indent=2).encode())
    desk.emit({"file": str(out), "parts": list(exported)}, f"Wrote {out}: {', '.join(exported)}.")


@command(group, "erase")
def erase(
    desk: Desk,
    person: Person,
    reason: Annotated[str, typer.Option(help="Why; no personal data.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase a person everywhere; it cannot be taken back, and no import revives them."""
    from api.verbs.rights import erase as forget

    from .tables import facts

    if not yes and not typer.confirm("Erase this person in every shop, for good?", err=True):
        raise InvalidInput(what="the erasure", why="it was not confirmed", remedy="Answer y, or add --yes")
    erased = forget(desk.acting, person, reason)
    desk.emit(erased, facts(erased.model_dump()))


@command(group, "reapply")
def reapply(desk: Desk) -> None:
    """Erase once more everybody the erasure journal names, such as after an older database came back."""
    from agent.rights import reapply as again

    with desk.app.store.read() as uow:
        for shop in uow.shops.all():
            desk.principal.require("admin", shop.shop_id)
    n_entries = again(desk.app)
    with desk.write("person.reapply", "installation", n_entries=n_entries):
        pass
    desk.emit({"n_entries": n_entries}, f"{n_entries} erasures applied once more.")


@command(consent, "proof")
def proof(
    desk: Desk,
    person: Person,
    at: Annotated[
        str, typer.Option(metavar="INSTANT", help="When it should have stood; now where none is given.")
    ] = "",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new .html or .json file.")] = None,
) -> None:
    """Draw up what a person permitted at an instant, who says so and in which words."""
    from agent.consents.proof import proof_page
    from api.verbs.rights import proof as draw

    from .tables import table

    drawn = draw(desk.acting, person, instant_from(at))
    body = {**drawn.model_dump(mode="json"), "digest": drawn.digest}
    if out is not None:
        import json

        is_page = out.suffix == ".html"
        write_new(out, (proof_page(drawn) if is_page else json.dumps(body, ensure_ascii=False, indent=2)).encode())
    stood = [(one.channel, one.standing, one.is_double, one.suppressed or "no") for one in drawn.channels]
    said = [(one.at or "not known", one.channel, one.status, one.method, one.source) for one in drawn.statements]
    desk.emit(
        body,
        table(f"Stood at {drawn.at:%Y-%m-%d %H:%M} UTC", ("channel", "standing", "double", "suppressed"), stood),
        table("Said", ("when", "channel", "status", "how", "source"), said),
    )
