"""A rule as rows of a form: what each row holds, the rule they make, and the rows of a rule that is flat enough."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from memory.domain.facts import EVENT_KINDS
from memory.domain.money import Currency, exponent
from memory.domain.profile import ATTRIBUTES, PROFILE_SCHEMA
from memory.domain.segment import AllOf, AnyOf, Bought, Compare, Did, NotOf, SegmentRule

Join = Literal["all", "any"]
ValueKind = Literal["text", "flag", "number", "money", "share", "day", "count"]
MOST_ROWS = 12
TESTS: dict[ValueKind, tuple[str, ...]] = {
    "text": ("eq", "ne", "in"),
    "flag": ("yes", "no"),
    "number": ("ge", "gt", "le", "lt", "eq", "ne"),
    "money": ("ge", "gt", "le", "lt"),
    "share": ("ge", "gt", "le", "lt"),
    "day": ("ge", "lt"),
    "count": ("at_least", "at_most", "exactly", "never"),
}
"""What a row may test, by what it is about."""
NO_VALUE = frozenset({"yes", "no", "never"})
"""Tests that need no value."""
BOUGHT = "bought"


class Row(NamedTuple):
    """One condition."""

    what: str
    """An attribute of the profile, `bought`, or an event such as `did.view`."""
    test: str
    """How it is tested."""
    value: str = ""
    """Held against; money in whole units, shares in percent, several texts with commas between."""
    days: str = ""
    """Only in so many days before now; for orders and events."""
    category: str = ""
    """Only in this category; for orders and events."""


class Wrong(ValueError):
    """What stands in a row is no value of its kind."""


def subjects() -> tuple[str, ...]:
    """Give everything a row may be about."""
    return (BOUGHT, *(f"did.{kind}" for kind in EVENT_KINDS), *ATTRIBUTES)


def kind_of(what: str) -> ValueKind:
    """Give what kind of value a row's subject has."""
    if what == BOUGHT or what.startswith("did."):
        return "count"
    if what.endswith("_minor"):
        return "money"
    if what.endswith(("_share", "_rate")):
        return "share"
    found = PROFILE_SCHEMA.field(what).type
    if pa.types.is_boolean(found):
        return "flag"
    if pa.types.is_timestamp(found):
        return "day"
    return "text" if pa.types.is_string(found) else "number"


def rule_of(rows: Sequence[Row], join: Join, currency: Currency) -> tuple[dict[str, Any] | None, dict[int, ValueKind]]:
    """Give the rule that rows make as JSON, none without a row; and the rows that cannot be read, with their kind."""
    parts: list[dict[str, Any]] = []
    wrong: dict[int, ValueKind] = {}
    for place, row in enumerate(rows):
        try:
            parts.append(_part(row, currency))
        except ValueError:
            wrong[place] = kind_of(row.what)
    if wrong or not parts:
        return None, wrong
    return parts[0] if len(parts) == 1 else {"op": join, "of": parts}, wrong


def rows_of(rule: SegmentRule, currency: Currency) -> tuple[Join, tuple[Row, ...]] | None:
    """Give the rows of a rule; none where it is nested or says more than rows can."""
    join: Join = "any" if isinstance(rule, AnyOf) else "all"
    parts = rule.of if isinstance(rule, AllOf | AnyOf) else (rule,)
    rows = [_row(part, currency) for part in parts]
    found = tuple(row for row in rows if row is not None)
    return (join, found) if len(found) == len(rows) <= MOST_ROWS else None


def _part(row: Row, currency: Currency) -> dict[str, Any]:
    kind = kind_of(row.what)
    if row.test not in TESTS[kind]:
        raise Wrong(row.test)
    if kind == "count":
        return _counted(row)
    if kind == "flag":
        return {"op": "compare", "attribute": row.what, "test": "eq", "value": row.test == "yes"}
    value: Any = row.value.strip()
    if not value:
        raise Wrong(value)
    if row.test == "in":
        value = [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
    elif kind == "money":
        value = round(_number(value) * 10 ** exponent(currency))
    elif kind == "share":
        value = round(_number(value.rstrip("%")) / 100, 12)
    elif kind == "number":
        number = _number(value)
        value = int(number) if number.is_integer() else number
    return {"op": "compare", "attribute": row.what, "test": row.test, "value": value}


def _counted(row: Row) -> dict[str, Any]:
    rule: dict[str, Any] = {"op": BOUGHT} if row.what == BOUGHT else {"op": "did", "events": [row.what[4:]]}
    if row.days.strip():
        rule["within_days"] = _whole(row.days)
    if row.category.strip():
        rule["category"] = row.category.strip()
    if row.test == "never":
        return {"op": "not", "of": rule | {"at_least": 1}}
    n = _whole(row.value)
    if row.test in ("at_least", "exactly"):
        rule["at_least"] = n
    if row.test in ("at_most", "exactly"):
        rule["at_most"] = n
    return rule


def _number(text: str) -> float:
    return float(text.strip().replace(",", ""))


def _whole(text: str) -> int:
    number = _number(text)
    if not number.is_integer() or number < 0:
        raise Wrong(text)
    return int(number)


def _row(rule: SegmentRule, currency: Currency) -> Row | None:
    if isinstance(rule, NotOf):
        inner = _row(rule.of, currency) if isinstance(rule.of, Bought | Did) else None
        is_never = inner is not None and (inner.test, inner.value) == ("at_least", "1")
        return inner._replace(test="never", value="") if inner is not None and is_never else None
    if isinstance(rule, Bought | Did):
        return _counted_row(rule)
    return _compared_row(rule, currency) if isinstance(rule, Compare) else None


def _counted_row(rule: Bought | Did) -> Row | None:
    if (isinstance(rule, Bought) and rule.sku) or (isinstance(rule, Did) and len(rule.events) > 1):
        return None
    what = BOUGHT if isinstance(rule, Bought) else f"did.{rule.events[0]}"
    days = "" if rule.within_days is None else str(rule.within_days)
    low, high = rule.at_least, rule.at_most
    if low is None and high is None:
        low = 1
    if low is not None and high is not None and low != high:
        return None
    test = "exactly" if low is not None and high is not None else "at_least" if low is not None else "at_most"
    return Row(what, test, str(low if low is not None else high), days, rule.category or "")


def _compared_row(rule: Compare, currency: Currency) -> Row | None:
    kind, value = kind_of(rule.attribute), rule.value
    if kind == "flag":
        is_yes = bool(value) == (rule.test == "eq")
        return Row(rule.attribute, "yes" if is_yes else "no") if rule.test in ("eq", "ne") else None
    if rule.test not in TESTS[kind]:
        return None
    if isinstance(value, tuple):
        return Row(rule.attribute, rule.test, ", ".join(str(one) for one in value))
    if kind == "money" and not isinstance(value, str):
        return Row(rule.attribute, rule.test, f"{value / 10 ** exponent(currency):.10g}")
    if kind == "share" and not isinstance(value, str):
        return Row(rule.attribute, rule.test, f"{value * 100:.10g}")
    return Row(rule.attribute, rule.test, str(value))
