"""People of the shop and their roles, for its admins."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter

from agent.access import deactivate, grant_role, revoke_role
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from memory.domain.base import Frozen
from memory.domain.principal import Principal, Role

router = APIRouter(prefix="/api/principals", tags=["principal"], responses=GUARDED)
Admin = Annotated[Acting, Depends(needs("admin"))]
PrincipalId = Annotated[str, PathParameter(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}$", description="The principal's id.")]


class RoleChange(Frozen):
    """A role in the shop."""

    role: Role
    """Which."""


def seen_from(acting: Acting, principal: Principal) -> Principal:
    """Give a principal as this shop may see it: its roles elsewhere are nobody's business here."""
    grants = tuple(grant for grant in principal.grants if grant.shop_id == acting.shop_id)
    return principal.model_copy(update={"grants": grants})


@router.get("")
def list_principals(acting: Admin) -> list[Principal]:
    """List who has a role in the shop."""
    with acting.app.store.read() as uow:
        everyone = uow.principals.all()
    found = [seen_from(acting, one) for one in everyone]
    return [one for one in found if one.grants]


@router.post("/{principal_id}/roles")
def grant(acting: Admin, principal_id: PrincipalId, body: RoleChange) -> Principal:
    """Give a role in the shop; nobody makes themselves an approver."""
    with acting.app.store.unit_of_work() as uow:
        changed = grant_role(uow, acting.principal, principal_id, acting.shop_id, body.role, acting.app.clock.now())
    return seen_from(acting, changed)


@router.post("/{principal_id}/roles/end")
def revoke(acting: Admin, principal_id: PrincipalId, body: RoleChange) -> Principal:
    """Take a role in the shop away; sessions end, approvals given by the role become void at their next use."""
    with acting.app.store.unit_of_work() as uow:
        changed = revoke_role(uow, acting.principal, principal_id, acting.shop_id, body.role, acting.app.clock.now())
    return seen_from(acting, changed)


@router.post("/{principal_id}/deactivate")
def end(acting: Admin, principal_id: PrincipalId) -> Principal:
    """Take all rights, tokens and sessions away at once; needs an admin of every shop they have a role in."""
    with acting.app.store.unit_of_work() as uow:
        changed = deactivate(uow, acting.principal, principal_id, acting.app.clock.now())
    return seen_from(acting, changed)
