"""Whether the server works, for probes."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends

from agent.assembly import App
from memory.domain.base import Frozen

from .access import installation

router = APIRouter(tags=["public"])


class Health(Frozen):
    """A sign of life; says nothing about shops or data."""

    status: Literal["good"]
    """The store answers."""


@router.get("/health")
def health(app: Annotated[App, Depends(installation)]) -> Health:
    """Say that the server runs and its store answers."""
    with app.store.read() as uow:
        uow.versions.latest()
    return Health(status="good")
