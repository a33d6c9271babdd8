"""Guardrails: YAML or JSON in, versions out."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request

from agent.guardrails.look_back_record import LookBack
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import guardrails
from memory.domain.guardrails import Guardrails
from memory.store.guardrail_versions import GuardrailVersion

router = APIRouter(prefix="/api/guardrails", tags=["guardrail"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Setting = Annotated[Acting, Depends(needs("guardrail"))]
Note = Annotated[str, Query(max_length=500, description="Why, in your words.")]
EXAMPLE = {"plan_budget": {"amount_minor": 2_000_000, "currency": "EUR"}, "min_holdout_rate": 0.1}


@router.get("")
def show(acting: Reading) -> guardrails.GuardrailsInForce:
    """Give the limits in force with their version."""
    return guardrails.show(acting)


@router.get("/history")
def history(acting: Reading) -> list[GuardrailVersion]:
    """Give every version the shop ever had, oldest first."""
    return list(guardrails.history(acting))


@router.post("/what-if")
def what_if(acting: Reading, body: Annotated[Guardrails, Body(examples=[EXAMPLE])]) -> LookBack:
    """Say what these limits would have blocked or cost in the last 30 days; nothing is set."""
    return guardrails.what_if(acting, body)


@router.put("")
def set_limits(
    acting: Setting, body: Annotated[Guardrails, Body(examples=[EXAMPLE])], note: Note = ""
) -> guardrails.GuardrailsInForce:
    """Set the limits; approvals given under others become void. Agents are refused, and the attempt is logged."""
    return guardrails.put(acting, body, note)


@router.put(
    "/yaml",
    openapi_extra={"requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}},
)
async def set_limits_as_yaml(request: Request, acting: Setting, note: Note = "") -> guardrails.GuardrailsInForce:
    """Set the limits from a YAML document, as `secondorder guardrails set` does."""
    from starlette.concurrency import run_in_threadpool

    text = (await request.body()).decode("utf-8", "replace")
    return await run_in_threadpool(lambda: guardrails.put(acting, guardrails.read(text), note))
