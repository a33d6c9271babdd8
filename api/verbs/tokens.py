"""API tokens of whoever acts: made and shown once, listed without showing them, ended."""

from agent.access import create_token, end_token
from memory.domain.errors import NotPermitted
from memory.domain.principal import Permission
from memory.store.principals import ApiToken

from .acting import Acting


def make(acting: Acting, days: int, scopes: tuple[Permission, ...] = ()) -> str:
    """Give a new token of the principal's own, in the shops it acts in; a scoped token makes none.

    It is shown this once; only its hash is kept.
    """
    acting.require("self")
    who = acting.principal
    if who.scopes:
        raise NotPermitted(principal=who.id, permission="make a token", shop_id=acting.shop_id)
    shop_ids = tuple(sorted({grant.shop_id for grant in who.grants}))
    with acting.write() as uow:
        return create_token(uow, who, who.id, days, scopes, acting.app.clock.now(), shop_ids)


def mine(acting: Acting) -> tuple[ApiToken, ...]:
    """Give the principal's own tokens, oldest first."""
    acting.require("self")
    with acting.app.store.read() as uow:
        return tuple(uow.principals.tokens(acting.principal.id))


def end(acting: Acting, token_id: str) -> None:
    """End one of the principal's own tokens at once; raise `NotFound` for any other."""
    acting.require("self")
    with acting.write() as uow:
        end_token(uow, acting.principal, token_id, acting.app.clock.now())
