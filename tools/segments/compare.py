"""Comparisons of a profile attribute: which are possible, and what they compile to."""

import operator
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.errors import InvalidInput
from memory.domain.facts import INSTANT
from memory.domain.profile import PROFILE_SCHEMA, Attribute
from memory.domain.segment import Compare, Scalar

TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def comparison(rule: Compare, table: ir.Table, zone: str) -> ir.BooleanValue:
    """Give the comparison as a condition that is false where the attribute is missing."""
    column = table[rule.attribute]
    values = values_of(rule, zone)
    held = column.isin(values) if rule.test == "in" else TESTS[rule.test](column, ibis.literal(values[0]))
    return ibis.coalesce(held, ibis.literal(False))


def values_of(rule: Compare, zone: str) -> list[Any]:
    """Give the values of a comparison in the attribute's own type.

    Raise `InvalidInput` where test and value do not fit the attribute. Instants without an offset are
    read in `zone`.
    """
    given = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    if (rule.test == "in") != isinstance(rule.value, tuple):
        raise _misfit(rule, "`in` takes a list of values and every other test exactly one")
    if not given:
        raise _misfit(rule, "the list of values is empty")
    kind = kind_of(rule.attribute)
    if kind in ("text", "flag") and rule.test not in ("eq", "ne", "in"):
        raise _misfit(rule, "only numbers and instants have an order")
    return [_value(rule, kind, value, zone) for value in given]


def kind_of(attribute: Attribute) -> str:
    """Give `text`, `flag`, `number` or `instant`."""
    found = PROFILE_SCHEMA.field(attribute).type
    if found == INSTANT:
        return "instant"
    return "text" if pa.types.is_string(found) else "flag" if pa.types.is_boolean(found) else "number"


def _value(rule: Compare, kind: str, value: Scalar, zone: str) -> Any:
    if kind == "instant" and isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise _misfit(rule, f"{value[:40]!r} is no ISO instant") from None
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    fits = {
        "text": isinstance(value, str),
        "flag": isinstance(value, bool),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
    }
    if not fits.get(kind, False):
        raise _misfit(rule, f"the attribute is a {kind}")
    return value


def _misfit(rule: Compare, why: str) -> InvalidInput:
    return InvalidInput(
        what=f"comparison of {rule.attribute} by {rule.test}", why=why, remedy="Change the test or the value."
    )
