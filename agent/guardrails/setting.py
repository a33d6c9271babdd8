"""Setting guardrails: people with the permission only, from YAML with clear errors, every attempt on the record."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from agent.written import checked, fields_of
from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput, NotPermitted
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money, exponent
from memory.domain.principal import Principal
from memory.store.engine import Store

STARTING_BUDGET = 3_000
"""Plan budget a new shop starts with, in whole units of a currency with cents; 100 times that where there are none."""


def starting_guardrails(currency: str) -> Guardrails:
    """Give the limits a new shop starts with: cautious ones, for marketers to set their own."""
    scale = 100 if exponent(currency) == 0 else 10 ** exponent(currency)
    return Guardrails(plan_budget=Money(amount_minor=STARTING_BUDGET * scale, currency=currency))


def read_guardrails(text: str) -> Guardrails:
    """Read guardrails from YAML or JSON text; raise `InvalidInput` that names every wrong field.

    Sums may be written as `20000 EUR` instead of minor units.
    """
    raw = fields_of(text, _unusable)
    for name in ("plan_budget",):
        raw[name] = _money(raw.get(name), name)
    share = raw.get("budget_share")
    if isinstance(share, dict) and isinstance(share.get("period_budget"), str):
        share["period_budget"] = _money(share["period_budget"], "budget_share.period_budget")
    return read_fields(raw)


def read_fields(raw: Mapping[str, Any]) -> Guardrails:
    """Make guardrails from fields as JSON has them; raise `InvalidInput` that names every wrong field."""
    return checked(Guardrails, raw, _unusable)


def set_guardrails(store: Store, clock: Clock, principal: Principal, shop_id: str, guardrails: Guardrails,
                   note: str = "") -> str:  # fmt: skip
    """Put guardrails in force and give their version; approvals bound to another version are void from now on.

    Agents are refused whatever their role, and the attempt is recorded (S2-24).
    """
    if principal.kind != "human" or not principal.may("guardrail", shop_id):
        with store.unit_of_work() as uow:
            detail = {"version": guardrails.version, "kind": principal.kind}
            uow.audit.append(principal.id, "guardrails.refused", f"shop:{shop_id}", clock.now(), detail)
        raise NotPermitted(principal=principal.id, permission="guardrail", shop_id=shop_id)
    with store.unit_of_work() as uow:
        shop = uow.shops.get(shop_id)
        if guardrails.plan_budget.currency != shop.currency:
            raise InvalidInput(
                what="plan_budget",
                why=f"it is in {guardrails.plan_budget.currency}, the shop's currency is {shop.currency}",
                remedy=f"State it in {shop.currency}",
            )
        version = uow.guardrails.put(shop_id, guardrails, principal.id, clock.now(), note)
        uow.audit.append(
            principal.id, "guardrails.set", f"shop:{shop_id}", clock.now(), {"version": version, "note": note}
        )
        return version


def _money(value: Any, name: str) -> Any:
    if not isinstance(value, str):
        return value
    amount, _, currency = value.strip().rpartition(" ")
    try:
        return Money.parse(amount.replace(",", ""), currency).model_dump()
    except (InvalidInput, ValidationError) as error:
        raise _unusable(f"{name}: write a sum as 20000 EUR") from error


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the guardrail file", why=why, remedy="See docs/guardrails.md for every field")
