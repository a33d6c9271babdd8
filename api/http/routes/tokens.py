"""API tokens of the caller: make, list, end."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter
from pydantic import Field

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import tokens
from memory.domain.base import Frozen
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
    return MadeToken(token=tokens.make(acting, body.days, body.scopes))


@router.get("")
def list_tokens(acting: Anyone) -> list[ApiToken]:
    """List the caller's tokens without showing them."""
    return list(tokens.mine(acting))


@router.delete("/{token_id}")
def end(acting: Anyone, token_id: TokenId) -> EndedToken:
    """End one of the caller's tokens at once."""
    tokens.end(acting, token_id)
    return EndedToken(id=token_id)
