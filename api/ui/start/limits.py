"""The guardrails of the first run as form fields: what each reads, and what it writes."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from memory.domain.cohort import CohortId
from memory.domain.errors import InvalidInput
from memory.domain.guardrails import Guardrails
from memory.domain.message import MessageClass
from memory.domain.mistakes import said
from memory.domain.money import exponent

Unit = Literal["money", "percent", "count", "hour"]
Raw = dict[str, Any]


class Limit(NamedTuple):
    """One field."""

    name: str
    """Its name in the catalogue, under `start.limits`."""
    unit: Unit
    """How its number is read: whole money, per cent, a count, an hour of the day."""
    read: Callable[[Guardrails], float]
    """Gives the number as people type it."""
    write: Callable[[Raw, float], None]
    """Puts a typed number into the limits' plain form."""


def _plain(name: str, unit: Unit, field: str, scale: float = 1.0) -> Limit:
    def write(raw: Raw, number: float) -> None:
        raw[field] = number / scale if unit == "percent" else round(number * scale)

    def read(found: Guardrails) -> float:
        value = float(getattr(found, field))
        return value * scale if unit == "percent" else value / scale

    return Limit(name, unit, read, write)


def _share(name: str, field: str) -> Limit:
    def write(raw: Raw, number: float) -> None:
        raw["budget_share"][field] = number / 100

    return Limit(name, "percent", lambda found: float(getattr(found.budget_share, field)) * 100, write)


def _ceiling(cohort: CohortId) -> Limit:
    def write(raw: Raw, number: float) -> None:
        raw["discount_ceiling"][cohort] = number / 100

    return Limit(f"ceiling_{cohort}", "percent", lambda found: found.discount_ceiling.get(cohort, 0.0) * 100, write)


def _cap(name: str, message_class: MessageClass) -> Limit:
    def read(found: Guardrails) -> float:
        return next((one.max_messages for one in found.frequency_caps if one.message_class == message_class), 0)

    def write(raw: Raw, number: float) -> None:
        known = next((one for one in raw["frequency_caps"] if one["message_class"] == message_class), None)
        if known is None:
            known = {"message_class": message_class, "window_days": 7}
            raw["frequency_caps"] = [*raw["frequency_caps"], known]
        known["max_messages"] = round(number)

    return Limit(name, "count", read, write)


def _hour(name: str, field: str) -> Limit:
    def write(raw: Raw, number: float) -> None:
        raw["quiet_hours"][field] = round(number * 60)

    return Limit(name, "hour", lambda found: float(getattr(found.quiet_hours, field)) / 60, write)


def _budget(raw: Raw, number: float) -> None:
    raw["plan_budget"]["amount_minor"] = round(number * 10 ** exponent(raw["plan_budget"]["currency"]))


def _budget_of(found: Guardrails) -> float:
    return float(found.plan_budget.amount_minor / 10 ** exponent(found.plan_budget.currency))


GROUPS: tuple[tuple[str, tuple[Limit, ...]], ...] = (
    (
        "money",
        (
            Limit("plan_budget", "money", _budget_of, _budget),
            _share("share_low", "band_min_rate"),
            _share("share_high", "band_max_rate"),
            _plain("min_margin", "percent", "min_margin_rate", 100),
            _plain("min_price", "percent", "min_price_ratio", 100),
        ),
    ),
    ("discounts", tuple(_ceiling(one) for one in ("vip", "reactivated", "discount_sensitive", "first_time"))),
    (
        "contact",
        (
            _cap("promo_cap", "promotional"),
            _cap("service_cap", "service"),
            _plain("recent_buyer", "count", "recent_buyer_days"),
            _hour("opens", "opens_minute"),
            _hour("closes", "closes_minute"),
            _plain("promo_share", "percent", "max_promo_share", 100),
        ),
    ),
    (
        "proof",
        (
            _plain("holdout", "percent", "min_holdout_rate", 100),
            _plain("reach", "count", "max_reach"),
            _plain("approval", "count", "approval_valid_days"),
        ),
    ),
)
"""Fields by what they protect."""
LIMITS: tuple[Limit, ...] = tuple(one for _, limits in GROUPS for one in limits)


def changed(found: Guardrails, typed: Mapping[str, float | None]) -> Guardrails:
    """Give the limits with what was typed; raise `InvalidInput` that names the field by its name in `Guardrails`."""
    raw = found.model_dump(mode="json")
    for limit in LIMITS:
        number = typed.get(limit.name)
        if limit.name in typed and number is None:
            raise InvalidInput(what=limit.name, why="it is empty", remedy="Type a number")
        if number is not None and abs(number - limit.read(found)) > 1e-9:
            limit.write(raw, number)
    try:
        made = Guardrails.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(what=name, why=said(first), remedy="Correct the number") from None
    if made.budget_share.band_min_rate > made.budget_share.band_max_rate:
        raise InvalidInput(what="the share", why="its lower end is above its upper end", remedy="Correct one of them")
    return made
