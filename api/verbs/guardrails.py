"""Guardrails: show, set, history. No agent may set them, and an attempt is on the record."""

from typing import TYPE_CHECKING, Any

from memory.domain.base import Count, Frozen
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.guardrails import Guardrails
from memory.store.guardrail_versions import GuardrailVersion

from .acting import Acting

if TYPE_CHECKING:
    from agent.guardrails.look_back_record import LookBack

MIN_NOTE, MAX_NOTE = 3, 500


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


def what_if(acting: Acting, guardrails: Guardrails) -> "LookBack":
    """Say what these limits in place of those in force would have blocked or cost in the last 30 days; sets nothing."""
    from agent.guardrails.look_back import look_back

    acting.require("read")
    _same_currency(acting, guardrails)
    app = acting.app
    return look_back(app.store, app.lake, app.markets.all(), acting.shop_id, guardrails, app.clock.now())


def edit(acting: Acting, changed: dict[str, Any]) -> Guardrails:
    """Give the limits in force with some fields changed; raises `InvalidInput` that names every wrong field."""
    from agent.guardrails.setting import read_fields

    acting.require("read")
    return read_fields(show(acting).guardrails.model_dump(mode="json") | changed)


def change(acting: Acting, guardrails: Guardrails, note: str, *, seen: str) -> GuardrailsInForce:
    """Set limits that somebody edited on the version `seen`, with a note that says why.

    Raise `NotReady` where others were set meanwhile: nobody overwrites what they never saw.
    """
    if len(note.strip()) < MIN_NOTE:
        why = "nobody would know why the limits changed"
        raise InvalidInput(what="the note", why=why, remedy=f"Say why in {MIN_NOTE} to {MAX_NOTE} characters")
    if show(acting).version != seen:
        raise NotReady(
            what="the change",
            why="other limits were set meanwhile",
            remedy="Load the page again and look at them first",
        )
    return put(acting, guardrails, note.strip()[:MAX_NOTE])


def changed(before: Guardrails, after: Guardrails) -> tuple[str, ...]:
    """Give the fields in which two versions differ."""
    from agent.guardrails.differences import changed_fields

    return changed_fields(before, after)


class Bound(Frozen):
    """What a change of the limits stops until it is approved anew."""

    n_live: Count
    """Plans that run now: their messages wait until the plan is approved under the new limits."""
    n_waiting: Count
    """Approvals that are asked for or given and not used: they become void."""


def bound(acting: Acting) -> Bound:
    """Say how many plans and approvals hang on the version in force."""
    acting.require("read")
    version = show(acting).version
    with acting.app.store.read() as uow:
        mine = [one for one in uow.plans.all(acting.shop_id) if one.plan.guardrail_version == version]
    return Bound(
        n_live=sum(one.status == "live" for one in mine),
        n_waiting=sum(one.status in ("waiting", "approved") for one in mine),
    )


def _same_currency(acting: Acting, guardrails: Guardrails) -> None:
    currency = acting.shop().currency
    if guardrails.plan_budget.currency != currency:
        why = f"it is in {guardrails.plan_budget.currency}, the shop's currency is {currency}"
        raise InvalidInput(what="plan_budget", why=why, remedy=f"State it in {currency}")
