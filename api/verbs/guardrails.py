"""Guardrails: show, set, history. No agent may set them, and an attempt is on the record."""

import json
from typing import Any

import yaml
from pydantic import ValidationError

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotPermitted
from memory.domain.guardrails import Guardrails
from memory.store.guardrail_versions import GuardrailVersion

from .acting import Acting

MAX_CHARACTERS = 200_000


class GuardrailsInForce(Frozen):
    """The limits in force with their version."""

    version: str
    """Hash of the content."""
    guardrails: Guardrails
    """The limits."""


def show(acting: Acting) -> GuardrailsInForce:
    """Give the limits in force; raises `NotReady` where the shop has none."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.guardrails.current(acting.shop_id)
    return GuardrailsInForce(version=found.version, guardrails=found)


def history(acting: Acting) -> tuple[GuardrailVersion, ...]:
    """Give every version the shop ever had, oldest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.guardrails.history(acting.shop_id)


def put(acting: Acting, guardrails: Guardrails, note: str = "") -> GuardrailsInForce:
    """Set the limits in force. Agents are refused whatever their role, and the attempt is logged."""
    if acting.principal.kind == "agent" or not acting.principal.may("guardrail", acting.shop_id):
        acting.log("guardrails.refused", f"shop:{acting.shop_id}", version=guardrails.version)
        raise NotPermitted(principal=acting.principal.id, permission="guardrail", shop_id=acting.shop_id)
    shop = acting.shop()
    if guardrails.plan_budget.currency != shop.currency:
        raise InvalidInput(
            what="plan_budget", why=f"the shop's figures are in {shop.currency}", remedy=f"Name it in {shop.currency}"
        )
    with acting.write("guardrails.set", f"shop:{acting.shop_id}", version=guardrails.version, note=note[:500]) as uow:
        uow.guardrails.put(acting.shop_id, guardrails, acting.principal.id, acting.app.clock.now(), note)
    return GuardrailsInForce(version=guardrails.version, guardrails=guardrails)


def read(text: str) -> Guardrails:
    """Read limits from YAML or JSON; raises `InvalidInput` that names the first field that is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(what="the guardrails", why="the file is too long", remedy="Keep only guardrails in it")
    try:
        return Guardrails.model_validate_json(json.dumps(_plain(text)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the guardrails"
        remedy = "Compare with `secondorder guardrails show`"
        raise InvalidInput(what=place, why=first["msg"], remedy=remedy) from None


def _plain(text: str) -> Any:
    try:
        found = yaml.safe_load(text)
        json.dumps(found, default=str)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = str(error).splitlines()[0]
        raise InvalidInput(what="the guardrails", why=why, remedy="Write them as YAML or JSON") from None
    return json.loads(json.dumps(found, default=str))
