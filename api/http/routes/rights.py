"""People's rights and proofs of consent."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse
from pydantic import Field

from agent.consents.proof import Proof, proof_page
from agent.rights import Erased
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import rights
from memory.domain.base import Frozen, Instant

router = APIRouter(prefix="/api/rights", tags=["rights"], responses=GUARDED)
Contacting = Annotated[Acting, Depends(needs("contact"))]
Who = Annotated[
    str, PathParameter(min_length=1, max_length=254, description="Pseudonym, address, number or customer id.")
]
At = Annotated[Instant | None, Query(description="When it should have stood; now where none is given.")]


class Erasure(Frozen):
    """Why a person is erased."""

    reason: Annotated[str, Field(min_length=3, max_length=rights.MAX_REASON)]
    """The reason; no personal data."""


@router.get("/{who}/export")
def export(acting: Contacting, who: Who) -> dict[str, Any]:
    """Give a copy of everything the shop holds about a person."""
    return rights.export(acting, who)


@router.post("/{who}/erase")
def erase(acting: Contacting, who: Who, body: Annotated[Erasure, Body()]) -> Erased:
    """Erase a person everywhere; it cannot be taken back, and no import revives them."""
    return rights.erase(acting, who, body.reason)


@router.get("/{who}/consent-proof")
def consent_proof(acting: Contacting, who: Who, at: At = None) -> Proof:
    """Draw up what a person permitted at an instant, who says so and in which words."""
    return rights.proof(acting, who, at)


@router.get("/{who}/consent-proof.html", response_model=None, responses={200: {"content": {"text/html": {}}}})
def consent_proof_page(acting: Contacting, who: Who, at: At = None) -> HTMLResponse:
    """Give that proof as one page to print."""
    return HTMLResponse(proof_page(rights.proof(acting, who, at)))
