"""People of the shop and their roles, for its admins: changes are logged, nobody makes themselves an approver."""

from agent import access
from agent.sign_in.passwords import set_password
from memory.domain.base import Frozen
from memory.domain.principal import Principal

from .acting import Acting


class Colleague(Frozen):
    """Somebody with a role in the shop."""

    principal: Principal
    """Who, with their roles in this shop alone."""
    has_password: bool
    """Whether they can sign in with a password."""


def every(acting: Acting) -> tuple[Colleague, ...]:
    """Give who has a role in the shop, by id."""
    acting.require("admin")
    with acting.app.store.read() as uow:
        found = [seen_from(acting, one) for one in uow.principals.all()]
        return tuple(
            Colleague(principal=one, has_password=uow.sign_ins.credential(one.id) is not None)
            for one in found
            if one.grants
        )


def add(acting: Acting, principal_id: str, name: str, role: str) -> Principal:
    """Add somebody with a first role in the shop; they are human, and sign in once they have a password or token."""
    acting.require("admin")
    now, made = acting.app.clock.now(), access.new_principal(principal_id.strip(), name.strip())
    with acting.write("principal.add", f"principal:{made.id}") as uow:
        uow.principals.add(made, now, acting.principal.id)
        return seen_from(acting, access.grant_role(uow, acting.principal, made.id, acting.shop_id, role, now))


def grant(acting: Acting, principal_id: str, role: str) -> Principal:
    """Give a role in the shop; nobody makes themselves an approver."""
    with acting.write() as uow:
        now = acting.app.clock.now()
        return seen_from(acting, access.grant_role(uow, acting.principal, principal_id, acting.shop_id, role, now))


def revoke(acting: Acting, principal_id: str, role: str) -> Principal:
    """Take a role in the shop away; sessions end, approvals given by the role become void at their next use."""
    with acting.write() as uow:
        now = acting.app.clock.now()
        return seen_from(acting, access.revoke_role(uow, acting.principal, principal_id, acting.shop_id, role, now))


def end(acting: Acting, principal_id: str) -> Principal:
    """Take all rights, tokens and sessions away at once; needs an admin of every shop they have a role in."""
    with acting.write() as uow:
        return seen_from(acting, access.deactivate(uow, acting.principal, principal_id, acting.app.clock.now()))


def choose_password(acting: Acting, principal_id: str, password: str) -> None:
    """Choose somebody's password, your own among them; nobody chooses an approver's for them."""
    acting.require("self")
    with acting.write() as uow:
        set_password(uow, acting.principal, principal_id, password, acting.app.clock.now())


def seen_from(acting: Acting, principal: Principal) -> Principal:
    """Give a principal as this shop may see it: its roles elsewhere are nobody's business here."""
    grants = tuple(one for one in principal.grants if one.shop_id == acting.shop_id)
    return principal.model_copy(update={"grants": grants})
