"""Whether the server runs and whether it can do its work, for probes."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from agent.assembly import App
from agent.health import Finding, ready
from memory.domain.base import Frozen

from .access import installation
from .door import Door

router = APIRouter(tags=["public"])


class Health(Frozen):
    """A sign of life; says nothing about shops or data."""

    status: Literal["good"]
    """The store answers."""


class Readiness(Frozen):
    """Whether requests can be served; names parts, never what is in them."""

    status: Literal["good", "bad"]
    """Bad where at least one part is."""
    bad: tuple[str, ...]
    """Parts in the way; `secondorder doctor` says what to do about them."""


@router.get("/health")
def health(app: Annotated[App, Depends(installation)]) -> Health:
    """Say that the server runs and its store answers."""
    with app.store.read() as uow:
        uow.versions.latest()
    return Health(status="good")


@router.get("/ready", responses={503: {"model": Readiness, "description": "A part is in the way."}})
def readiness(app: Annotated[App, Depends(installation)], request: Request, response: Response) -> Readiness:
    """Say whether store, lake and disk can serve requests, and nobody was refused for want of open files; else 503."""
    bad = tuple(finding.part for finding in ready(app) if _is_bad(finding))
    door: Door | None = getattr(request.app.state, "door", None)
    if door is not None and door.is_crowded:
        bad = (*bad, "connections")
    response.status_code = 503 if bad else 200
    return Readiness(status="bad" if bad else "good", bad=bad)


def _is_bad(finding: Finding) -> bool:
    return finding.state == "bad"
