"""Guardrails: show, set, history. No agent may set them, and an attempt is on the record."""

from memory.domain.base import Frozen
from memory.domain.guardrails import Guardrails
from memory.store.guardrail_versions import GuardrailVersion

from .acting import Acting


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


def starting(acting: Acting) -> Guardrails:
    """Give the cautious limits that a new shop of this currency starts with."""
    from agent.guardrails.setting import starting_guardrails

    acting.require("read")
    return starting_guardrails(acting.shop().currency)


def history(acting: Acting) -> tuple[GuardrailVersion, ...]:
    """Give every version the shop ever had, oldest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.guardrails.history(acting.shop_id)


def put(acting: Acting, guardrails: Guardrails, note: str = "") -> GuardrailsInForce:
    """Set the limits in force. Agents are refused whatever their role, and the attempt is logged."""
    from agent.guardrails.setting import set_guardrails

    app = acting.app
    version = set_guardrails(app.store, app.clock, acting.principal, acting.shop_id, guardrails, note)
    return GuardrailsInForce(version=version, guardrails=guardrails)


def read(text: str) -> Guardrails:
    """Read limits from YAML or JSON; raises `InvalidInput` that names every wrong field."""
    from agent.guardrails.setting import read_guardrails

    return read_guardrails(text)
