"""Who the token belongs to."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from memory.domain.principal import Principal

router = APIRouter(prefix="/api", tags=["principal"], responses=GUARDED)


@router.get("/me")
def me(acting: Annotated[Acting, Depends(needs("self"))]) -> Principal:
    """Give the token's principal with its roles."""
    return acting.principal
