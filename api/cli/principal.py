"""`secondorder principal`: who may do what in which shop."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Who may do what in which shop.")

Who = Annotated[str, typer.Argument(metavar="ID", help="The principal.")]
RoleOption = Annotated[
    str, typer.Option("--role", help="viewer, marketer, approver, support, evaluator, admin, agent, intake.")
]


@command(group, "add")
def add(
    desk: Desk,
    principal_id: Who,
    name: Annotated[str, typer.Option(help="What others call them.")] = "",
    role: Annotated[str, typer.Option(help="A first role in the shop.")] = "",
) -> None:
    """Add a principal, with a first role where one is given."""
    from agent.access import grant_role, new_principal

    shop_id = desk.require("admin")
    with desk.write("principal.add", f"principal:{principal_id}") as uow:
        added = uow.principals.add(new_principal(principal_id, name), desk.app.clock.now(), desk.principal.id)
        if role:
            added = grant_role(uow, desk.principal, principal_id, shop_id, role, desk.app.clock.now())
    desk.emit(added, f"{added.id} is known{f' as {role} in {shop_id}' if role else ''}.")


@command(group, "grant")
def grant(desk: Desk, principal_id: Who, role: RoleOption) -> None:
    """Give a principal a role in the shop."""
    from agent.access import grant_role

    shop_id = desk.require("admin")
    with desk.write() as uow:
        changed = grant_role(uow, desk.principal, principal_id, shop_id, role, desk.app.clock.now())
    desk.emit(changed, f"{principal_id} is {role} in {shop_id}.")


@command(group, "revoke")
def revoke(desk: Desk, principal_id: Who, role: RoleOption) -> None:
    """Take a role in the shop away."""
    from agent.access import revoke_role

    shop_id = desk.require("admin")
    with desk.write() as uow:
        changed = revoke_role(uow, desk.principal, principal_id, shop_id, role, desk.app.clock.now())
    desk.emit(changed, f"{principal_id} is no longer {role} in {shop_id}.")


@command(group, "deactivate")
def end(desk: Desk, principal_id: Who) -> None:
    """Take all rights, tokens and sessions of a principal away at once."""
    from agent.access import deactivate

    desk.require("admin")
    with desk.write() as uow:
        changed = deactivate(uow, desk.principal, principal_id, desk.app.clock.now())
    desk.emit(changed, f"{principal_id} has no rights any more.")


@command(group, "password")
def password(
    desk: Desk,
    principal_id: Annotated[str, typer.Argument(metavar="[ID]", help="Whose; yours where none is given.")] = "",
) -> None:
    """Choose a password for the workspace; it is asked for, or read from stdin. Open sessions end."""
    from agent.sign_in.passwords import set_password

    from .secret import typed

    owner, text = principal_id or desk.principal.id, typed("Password")
    with desk.write() as uow:
        set_password(uow, desk.principal, owner, text, desk.app.clock.now())
    desk.emit({"principal_id": owner}, f"{owner} signs in with the new password.")


@command(group, "link")
def link(
    desk: Desk,
    principal_id: Who,
    subject: Annotated[str, typer.Option(help="The `sub` the OpenID provider knows them by.")],
) -> None:
    """Let a principal sign in at the OpenID provider."""
    from agent.access import link_identity

    desk.require("admin")
    with desk.write() as uow:
        issuer = desk.app.settings.oidc_issuer
        link_identity(uow, desk.principal, principal_id, issuer, subject, desk.app.clock.now())
    desk.emit({"principal_id": principal_id}, f"{principal_id} may sign in at {issuer}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List who has a role in the shops you may read."""
    from .tables import table

    mine = desk.principal.shops()
    with desk.app.store.read() as uow:
        everyone = uow.principals.all()
    seen = [(one, [g for g in one.grants if g.shop_id in mine]) for one in everyone]
    kept = [(one, grants) for one, grants in seen if grants or one.id == desk.principal.id]
    rows = [(one.id, one.name, one.kind, ", ".join(f"{g.role}@{g.shop_id}" for g in grants)) for one, grants in kept]
    values = [one.model_copy(update={"grants": tuple(grants)}) for one, grants in kept]
    desk.emit(values, table("Principals", ("id", "name", "kind", "roles"), rows))
