"""`secondorder token`: tokens for the HTTP API and the workspace."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Tokens for the HTTP API and the workspace.")

Scopes = Annotated[list[str] | None, typer.Option("--scope", help="Only this permission; may be repeated.")]


@command(group, "create")
def create(
    desk: Desk,
    principal_id: Annotated[str, typer.Argument(metavar="[ID]", help="Whose; yours where none is given.")] = "",
    valid: Annotated[str, typer.Option(help="How long it is valid, such as 30d.")] = "30d",
    scope: Scopes = None,
) -> None:
    """Make a token and show it this once; only its hash is kept."""
    from agent.access import create_token, read_duration_days, scopes_from

    days, scopes, owner = read_duration_days(valid), scopes_from(scope or []), principal_id or desk.principal.id
    with desk.write() as uow:
        token = create_token(uow, desk.principal, owner, days, scopes, desk.app.clock.now())
    desk.emit({"principal_id": owner, "token": token, "valid_days": days}, token)
    desk.remark(f"Shown only now; valid for {days} days. Send it as: Authorization: Bearer TOKEN")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List your tokens without showing them."""
    from .tables import table

    with desk.app.store.read() as uow:
        tokens = uow.principals.tokens(desk.principal.id)
    rows = [(one.id, one.created_at, one.expires_at, one.scopes) for one in tokens]
    desk.emit(tokens, table("Tokens", ("id", "made at", "valid until", "scopes"), rows))


@command(group, "revoke")
def revoke(desk: Desk, token_id: Annotated[str, typer.Argument(metavar="TOKEN-ID")]) -> None:
    """End one of your tokens at once."""
    from agent.access import end_token

    with desk.write() as uow:
        end_token(uow, desk.principal, token_id, desk.app.clock.now())
    desk.emit({"revoked": token_id}, f"Token {token_id} has ended.")
