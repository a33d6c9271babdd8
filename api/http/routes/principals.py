"""People of the shop and their roles, for its admins."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import principals
from memory.domain.base import Frozen
from memory.domain.principal import Principal, Role

router = APIRouter(prefix="/api/principals", tags=["principal"], responses=GUARDED)
Admin = Annotated[Acting, Depends(needs("admin"))]
PrincipalId = Annotated[str, PathParameter(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}$", description="The principal's id.")]


class RoleChange(Frozen):
    """A role in the shop."""

    role: Role
    """Which."""


@router.get("")
def list_principals(acting: Admin) -> list[Principal]:
    """List who has a role in the shop."""
    return [one.principal for one in principals.every(acting)]


@router.post("/{principal_id}/roles")
def grant(acting: Admin, principal_id: PrincipalId, body: RoleChange) -> Principal:
    """Give a role in the shop; nobody makes themselves an approver."""
    return principals.grant(acting, principal_id, body.role)


@router.post("/{principal_id}/roles/end")
def revoke(acting: Admin, principal_id: PrincipalId, body: RoleChange) -> Principal:
    """Take a role in the shop away; sessions end, approvals given by the role become void at their next use."""
    return principals.revoke(acting, principal_id, body.role)


@router.post("/{principal_id}/deactivate")
def end(acting: Admin, principal_id: PrincipalId) -> Principal:
    """Take all rights, tokens and sessions away at once; needs an admin of every shop they have a role in."""
    return principals.end(acting, principal_id)
