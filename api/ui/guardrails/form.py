"""The limits as fields of a form: what each shows of the guardrails, and what somebody's words in it mean."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from memory.domain.cohort import COHORTS
from memory.domain.errors import SecondOrderError
from memory.domain.guardrails import Guardrails, NewGoods
from memory.domain.market import CHANNELS
from memory.domain.money import Currency, Money, exponent
from memory.domain.release import ReleaseRule

Kind = Literal["money", "maybe_money", "share", "margin", "whole", "clock", "languages", "channels", "hosts"]
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "ja", "zh")
"""Languages that the form offers; those in force are offered, too."""
FREE_DAY = {"promotional": 7, "service": 7}


class Field(NamedTuple):
    """One input."""

    path: str
    """Where it stands in the guardrails; its name in the catalogue with underscores for dots."""
    kind: Kind
    """How it is read."""


def _fields(kind: Kind, *paths: str) -> tuple[Field, ...]:
    return tuple(Field(path, kind) for path in paths)


CAPS = ("promotional", "service")
FIELDS: dict[str, tuple[Field, ...]] = {
    "plan_budget": _fields("money", "plan_budget"),
    "worst_case_rate": _fields("share", "worst_case_rate"),
    "budget_share": (
        *_fields("share", "budget_share.band_min_rate", "budget_share.band_max_rate", "budget_share.max_step_rate"),
        *_fields("whole", "budget_share.step_days"),
        *_fields("maybe_money", "budget_share.period_budget"),
    ),
    "min_price_ratio": _fields("share", "min_price_ratio"),
    "min_margin_rate": _fields("margin", "min_margin_rate"),
    "discount_ceiling": _fields("share", *(f"discount_ceiling.{cohort}" for cohort in COHORTS)),
    "frequency_caps": _fields(
        "whole", *(f"frequency_caps.{name}.{part}" for name in CAPS for part in ("max_messages", "window_days"))
    ),
    "recent_buyer_days": _fields("whole", "recent_buyer_days"),
    "quiet_hours": _fields("clock", "quiet_hours.opens_minute", "quiet_hours.closes_minute"),
    "legal_hours": (),
    "max_promo_share": _fields("share", "max_promo_share"),
    "new_goods": _fields("share", "new_goods.min_affinity_rate"),
    "min_holdout_rate": _fields("share", "min_holdout_rate"),
    "max_reach": _fields("whole", "max_reach"),
    "approval_valid_days": _fields("whole", "approval_valid_days"),
    "release": (
        *_fields("share", *(f"release.max_{name}_rate" for name in ("failure", "bounce", "complaint", "unsubscribe"))),
        *_fields("whole", "release.min_messages"),
    ),
    "languages": _fields("languages", "languages"),
    "channels": _fields("channels", "channels"),
    "link_domains": _fields("hosts", "link_domains"),
}  # fmt: skip
"""The inputs of every limit; hours of law have none: they are set from a file, each with its source."""
GROUPS: dict[str, tuple[str, ...]] = {
    "money": ("plan_budget", "worst_case_rate", "budget_share"),
    "price": ("min_price_ratio", "min_margin_rate", "discount_ceiling"),
    "contact": ("frequency_caps", "recent_buyer_days", "quiet_hours", "legal_hours", "max_promo_share", "new_goods"),
    "proof": ("min_holdout_rate", "max_reach", "approval_valid_days", "release"),
    "where": ("languages", "channels", "link_domains"),
}
"""The limits by what they guard."""


class Wrong(ValueError):
    """What stands in a field cannot be read; the kind says what is asked for."""


def shown(limits: Guardrails, field: Field) -> Any:
    """Give what an input shows of the limits in force: text, or a list for languages and channels."""
    value = _value(plain(limits), field.path)
    if field.kind in ("money", "maybe_money"):
        return "" if value is None else _amount(Money.model_validate(value))
    if field.kind in ("share", "margin"):
        return "" if value is None else f"{value * 100:.10g}"
    if field.kind == "clock":
        return f"{value // 60:02d}:{value % 60:02d}"
    if field.kind == "hosts":
        return ", ".join(value)
    if field.kind in ("languages", "channels"):
        return list(value)
    return "" if value is None else f"{value:,}"


def read(field: Field, given: Any, currency: Currency) -> Any:
    """Give what somebody put into an input as JSON has it; raise `Wrong`."""
    if field.kind in ("languages", "channels"):
        if not given:
            raise Wrong(field.kind)
        order = CHANNELS if field.kind == "channels" else (*LANGUAGES, *given)
        return sorted(set(given), key=order.index)
    text = str(given or "").strip()
    try:
        return _read_text(field.kind, text, currency)
    except (ValueError, SecondOrderError) as error:
        raise Wrong(field.kind) from error


def changed(limits: Guardrails, given: Mapping[str, Any], currency: Currency) -> tuple[dict[str, Any], dict[str, Kind]]:
    """Give the fields that the form changes as JSON, and the inputs that cannot be read with their kind.

    What nobody touched stays as it is, to the last digit.
    """
    raw = plain(limits)
    found: dict[str, Any] = {}
    wrong: dict[str, Kind] = {}
    for name, fields in FIELDS.items():
        for field in fields:
            if field.path not in given or given[field.path] == shown(limits, field):
                continue
            try:
                value = read(field, given[field.path], currency)
            except Wrong:
                wrong[field.path] = field.kind
                continue
            if value != _value(raw, field.path):
                raw = _with(raw, field.path, value)
                found[name] = raw[name]
    return found, wrong


def plain(limits: Guardrails) -> dict[str, Any]:
    """Give the limits as JSON; rules of releases and new articles as they hold where none are set."""
    raw = limits.model_dump(mode="json")
    raw["release"] = raw["release"] or ReleaseRule().model_dump(mode="json")
    raw["new_goods"] = raw.get("new_goods") or NewGoods().model_dump(mode="json")
    return raw


def _read_text(kind: Kind, text: str, currency: Currency) -> Any:
    if kind == "maybe_money" and not text:
        return None
    if kind in ("money", "maybe_money"):
        return Money.parse(text.replace(",", "").replace(" ", ""), currency).model_dump(mode="json")
    if kind in ("share", "margin"):
        rate = round(float(text.rstrip("%").strip().replace(",", ".")) / 100, 12)
        if not (-1.0 if kind == "margin" else 0.0) <= rate <= 1.0:
            raise ValueError(text)
        return rate
    if kind == "clock":
        hour, _, minute = text.partition(":")
        if not (0 <= int(minute or 0) < 60 and 0 <= int(hour) * 60 + int(minute or 0) <= 1440):
            raise ValueError(text)
        return int(hour) * 60 + int(minute or 0)
    if kind == "hosts":
        return [host for part in text.replace(";", ",").split(",") if (host := part.strip().lower())]
    return int(text.replace(",", "").replace(" ", ""))


def _amount(money: Money) -> str:
    digits = exponent(money.currency)
    return f"{money.amount_minor / 10**digits:,.{digits}f}".removesuffix("." + "0" * digits)


def _value(raw: Mapping[str, Any], path: str) -> Any:
    name, _, rest = path.partition(".")
    if name == "frequency_caps":
        message_class, _, part = rest.partition(".")
        return next((cap[part] for cap in raw[name] if cap["message_class"] == message_class), None)
    if not rest:
        return raw[name]
    return raw[name].get(rest, 0.0 if name == "discount_ceiling" else None)


def _with(raw: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    if name != "frequency_caps":
        return {**raw, name: {**raw[name], rest: value} if rest else value}
    message_class, _, part = rest.partition(".")
    caps = [dict(cap) for cap in raw[name]]
    mine = next((cap for cap in caps if cap["message_class"] == message_class), None)
    if mine is None:
        mine = {"message_class": message_class, "max_messages": 0, "window_days": FREE_DAY[message_class]}
        caps.append(mine)
    mine[part] = value
    return {**raw, name: caps}
