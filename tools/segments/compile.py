"""Compiles segment rules to Ibis: counts are joined once for all leaves, then one boolean per rule."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.segment import (
    AllOf,
    AnyOf,
    Bought,
    Compare,
    Did,
    Intends,
    NotOf,
    OrderedBetween,
    SegmentRule,
    leaves,
)
from memory.lake.view import LakeView

from .compare import comparison
from .counts import CountedRule, with_counts


def flag(rules: Mapping[str, SegmentRule], profiles: ir.Table, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    """Give the profiles with one boolean column per rule, never null.

    `profiles` needs `shop_id`, `person_id` and the attributes that the rules name; `zone` is the shop's.
    All counts that the rules need are read in one pass per fact table.
    """
    leaves = sorted(
        {leaf for rule in rules.values() for leaf in counted(rule)}, key=lambda leaf: leaf.model_dump_json()
    )
    names = {leaf: f"_count_{number}" for number, leaf in enumerate(leaves)}
    joined = with_counts(profiles, names, view, as_of, zone)
    flags = {name: _holds(rule, joined, names, zone) for name, rule in rules.items()}
    return joined.mutate(**flags).drop(*names.values())


def select(rule: SegmentRule, profiles: ir.Table, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    """Give the profiles of the people to whom the rule applies at `as_of`."""
    flagged = flag({"_holds": rule}, profiles, view, as_of, zone)
    return flagged.filter(flagged["_holds"]).drop("_holds")


def compile_rule(rule: SegmentRule, profiles: ir.Table, view: LakeView, as_of: datetime, zone: str) -> ir.BooleanValue:
    """Give the rule as a condition on rows of `profiles` (one shop), for use in `profiles.filter(...)`.

    A rule over profile attributes alone compiles to plain comparisons; one that counts events or orders
    to membership in `select`.
    """
    if not any(True for _ in counted(rule)):
        return _holds(rule, profiles, {}, zone)
    return profiles.person_id.isin(select(rule, profiles, view, as_of, zone).person_id)


def counted(rule: SegmentRule) -> Iterable[CountedRule]:
    """Give the leaves of a rule that count events or orders."""
    return (leaf for leaf in leaves(rule) if isinstance(leaf, CountedRule))


def _holds(rule: SegmentRule, table: ir.Table, names: Mapping[CountedRule, str], zone: str) -> ir.BooleanValue:
    match rule:
        case Compare():
            return comparison(rule, table, zone)
        case Did() | Bought():
            return _within(table[names[rule]], rule.at_least, rule.at_most)
        case OrderedBetween():
            return _within(table[names[rule]], rule.at_least, None)
        case Intends():
            return _within(table[names[rule]], 1, None)
        case AllOf():
            return ibis.and_(*(_holds(part, table, names, zone) for part in rule.of))
        case AnyOf():
            return ibis.or_(*(_holds(part, table, names, zone) for part in rule.of))
        case NotOf():
            return ~_holds(rule.of, table, names, zone)
    return ibis.literal(True)


def _within(count: ir.IntegerValue, at_least: int | None, at_most: int | None) -> ir.BooleanValue:
    """Hold a count against its bounds; with no bound at all it must be at least 1."""
    if at_least is None and at_most is None:
        at_least = 1
    low = count >= at_least if at_least is not None else ibis.literal(True)
    return low & (count <= at_most) if at_most is not None else low
