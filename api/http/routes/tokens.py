"""API tokens of the caller: make, list, end."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter
from pydantic import Field

from agent.access import create_token, end_token
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from memory.domain.base import Frozen
from memory.domain.errors import NotPermitted
from memory.domain.principal import Permission
from memory.store.principals import ApiToken

router = APIRouter(prefix="/api/tokens", tags=["token"], responses=GUARDED)
Anyone = Annotated[Acting, Depends(needs("self"))]
TokenId = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{8}$", description="The token's public id.")]


class NewToken(Frozen):
    """What the token may do."""

    days: Annotated[int, Field(strict=True, ge=1, le=90)] = 30
    """How long it is valid."""
    scopes: Annotated[tuple[Permission, ...], Field(max_length=16)] = ()
    """Permissions it is limited to; all of the caller's where none are given."""


class MadeToken(Frozen):
    """The token, shown this once."""

    token: str
    """Send it as `Authorization: Bearer TOKEN`; only its hash is kept."""


class EndedToken(Frozen):
    """A token that is no more."""

    id: str
    """Its public id."""


@router.post("")
def make(acting: Anyone, body: NewToken) -> MadeToken:
    """Make a token for the caller, in the shops of the token that asks; a scoped token makes none."""
    if acting.principal.scopes:
        raise NotPermitted(principal=acting.principal.id, permission="make a token", shop_id=acting.shop_id)
    scopes = body.scopes
    shop_ids = tuple(sorted({grant.shop_id for grant in acting.principal.grants}))
    with acting.app.store.unit_of_work() as uow:
        token = create_token(
            uow, acting.principal, acting.principal.id, body.days, scopes, acting.app.clock.now(), shop_ids
        )
    return MadeToken(token=token)


@router.get("")
def list_tokens(acting: Anyone) -> list[ApiToken]:
    """List the caller's tokens without showing them."""
    with acting.app.store.read() as uow:
        return uow.principals.tokens(acting.principal.id)


@router.delete("/{token_id}")
def end(acting: Anyone, token_id: TokenId) -> EndedToken:
    """End one of the caller's tokens at once."""
    with acting.app.store.unit_of_work() as uow:
        end_token(uow, acting.principal, token_id, acting.app.clock.now())
    return EndedToken(id=token_id)
