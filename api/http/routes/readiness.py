"""What the imported facts make possible."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import imports
from tools.readiness import Readiness

router = APIRouter(prefix="/api/readiness", tags=["import"], responses=GUARDED)


@router.get("")
def readiness(acting: Annotated[Acting, Depends(needs("read"))]) -> list[Readiness]:
    """Say per plan element whether it works, works with an assumption, or cannot, and which file would fix it."""
    return list(imports.readiness(acting))
