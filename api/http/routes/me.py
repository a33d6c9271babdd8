"""Who the token belongs to."""

from typing import Annotated

from fastapi import APIRouter, Depends

from memory.domain.principal import Principal

from ..access import Acting, needs
from ..errors import GUARDED

router = APIRouter(prefix="/api", tags=["principal"], responses=GUARDED)


@router.get("/me")
def me(acting: Annotated[Acting, Depends(needs("read"))]) -> Principal:
    """Give the token's principal with its roles."""
    return acting.principal
