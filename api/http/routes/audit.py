"""Whether the audit log still holds; `secondorder audit list` and the workspace show its entries."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import audit

router = APIRouter(prefix="/api/audit", tags=["audit"], responses=GUARDED)
Anybody = Annotated[Acting, Depends(needs("self"))]


@router.get("/verification")
def verify(acting: Anybody) -> audit.Verification:
    """Check every entry, the chain between them and the anchored head."""
    return audit.verify(acting)
