"""Segment rules as a small typed expression tree: one tree for chat, YAML, JSON and the API."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from .base import Count, Frozen, Slug
from .facts import EventKind
from .profile import Attribute

Operator = Literal["eq", "ne", "lt", "le", "gt", "ge", "in"]
Scalar = str | bool | int | float
Days = Annotated[int, Field(ge=1, le=3650)]


class Compare(Frozen):
    """A profile attribute held against a value; a missing attribute never matches."""

    op: Literal["compare"] = "compare"
    attribute: Attribute
    """The profile column."""
    test: Operator
    """How it is compared."""
    value: Scalar | tuple[Scalar, ...]
    """The value, or the values of `in`; instants as ISO text."""


class Did(Frozen):
    """How often a person did something, within a window that ends now."""

    op: Literal["did"] = "did"
    events: tuple[EventKind, ...] = Field(min_length=1)
    """Which events count."""
    category: str | None = None
    """Only in this category."""
    within_days: Days | None = None
    """Only in this many days before now; all time where none is given."""
    at_least: Count | None = None
    """Smallest count."""
    at_most: Count | None = None
    """Largest count."""


class Bought(Frozen):
    """How many orders a person placed, within a window that ends now."""

    op: Literal["bought"] = "bought"
    category: str | None = None
    """Only orders with a line in this category."""
    sku: str | None = None
    """Only orders with this article."""
    within_days: Days | None = None
    """Only in this many days before now."""
    at_least: Count | None = None
    """Smallest count."""
    at_most: Count | None = None
    """Largest count."""


class OrderedBetween(Frozen):
    """Placed an order in a dated period (first instant included, last excluded)."""

    op: Literal["ordered_between"] = "ordered_between"
    from_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """First day, in the shop's zone."""
    until_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """First day after the period."""
    at_least: Count = 1
    """Smallest number of orders in it."""


IntentState = Literal["explore", "abandon"]


class Intends(Frozen):
    """What a person is about, by what was looked at, put in a cart and bought until now; at most one state holds.

    `abandon`: something was put in a cart in the last 30 days and nothing ordered since. `explore`: at least five
    interactions with one category, no purchase in it ever, and no such cart.
    """

    op: Literal["intends"] = "intends"
    state: IntentState
    """Which state."""


class AllOf(Frozen):
    """Every rule holds."""

    op: Literal["all"] = "all"
    of: tuple["SegmentRule", ...] = Field(min_length=1, max_length=50)


class AnyOf(Frozen):
    """At least one rule holds."""

    op: Literal["any"] = "any"
    of: tuple["SegmentRule", ...] = Field(min_length=1, max_length=50)


class NotOf(Frozen):
    """The rule does not hold."""

    op: Literal["not"] = "not"
    of: "SegmentRule"


class Everyone(Frozen):
    """Holds for all people of the shop."""

    op: Literal["everyone"] = "everyone"


SegmentRule = Annotated[
    Compare | Did | Bought | OrderedBetween | Intends | AllOf | AnyOf | NotOf | Everyone,
    Field(discriminator="op"),
]
"""Any rule."""


def leaves(rule: SegmentRule) -> Iterator[SegmentRule]:
    """Give the rules a rule is put together from, those that hold no other."""
    match rule:
        case AllOf() | AnyOf():
            for part in rule.of:
                yield from leaves(part)
        case NotOf():
            yield from leaves(rule.of)
        case _:
            yield rule


class Segment(Frozen):
    """A named rule, evaluated when it is used."""

    id: Slug
    """Its name."""
    title: dict[str, str]
    """Its title per language (`en`, `zh`)."""
    rule: SegmentRule
    """Who belongs to it."""


for _rule in (AllOf, AnyOf, NotOf, Segment):
    _rule.model_rebuild()
