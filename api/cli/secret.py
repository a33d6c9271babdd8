"""`secondorder secret`: provider keys and webhook secrets of the shop, encrypted at rest."""

import sys
from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Provider keys and webhook secrets, encrypted at rest.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Such as twilio.auth_token.")]


def typed(prompt: str) -> str:
    """Read a secret without showing it, or a line of stdin where that is no terminal; never an argument."""
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


@command(group, "set")
def set_(desk: Desk, name: Name) -> None:
    """Set a secret of the shop; it is asked for, or read from stdin."""
    shop_id = desk.require("admin")
    text = typed("Secret")
    with desk.write("secret.set", f"secret:{shop_id}/{name}") as uow:
        found = uow.secrets.put(shop_id, name, text, desk.principal.id, desk.app.clock.now())
    desk.emit(found, f"Secret {name} of {shop_id} is set.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shop's secrets without showing them."""
    from .tables import table

    shop_id = desk.require("admin")
    with desk.app.store.read() as uow:
        found = uow.secrets.all(shop_id)
    rows = [(one.name, one.set_by, one.set_at, one.key_id) for one in found]
    desk.emit(found, table("Secrets", ("name", "set by", "set at", "key"), rows))


@command(group, "remove")
def remove(desk: Desk, name: Name) -> None:
    """Forget a secret of the shop."""
    shop_id = desk.require("admin")
    with desk.write("secret.remove", f"secret:{shop_id}/{name}") as uow:
        uow.secrets.remove(shop_id, name)
    desk.emit({"removed": name}, f"Secret {name} of {shop_id} is forgotten.")


@command(group, "rotate")
def rotate(desk: Desk) -> None:
    """Encrypt every secret of the installation anew: with SECONDORDER_SECRET_KEY, else with a fresh key file."""
    from agent.access import rotate_secrets

    n_secrets = rotate_secrets(desk.app, desk.principal)
    desk.emit(
        {"n_secrets": n_secrets, "key_id": desk.app.vault.key_id}, f"Secrets encrypted with the new key: {n_secrets}."
    )
