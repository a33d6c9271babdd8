"""A plain evaluator of segment rules over Python rows: the oracle that the compiled rules must agree with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from memory.domain.segment import AllOf, AnyOf, Bought, Compare, Did, NotOf, OrderedBetween, SegmentRule

Row = dict[str, Any]


@dataclass
class World:
    """Rows of one shop."""

    as_of: datetime
    zone: str
    profiles: dict[str, Row]
    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def holds(rule: SegmentRule, person: str, world: World) -> bool:
    """Say whether the rule holds for a person."""
    match rule:
        case Compare():
            return _compare(rule, world.profiles[person], world.zone)
        case Did():
            rows = [row for row in world.events if row["kind"] in rule.events and not row["is_machine"]]
            rows = [row for row in rows if rule.category is None or row["category"] == rule.category]
            return _between(len(_recent(rows, person, rule.within_days, world)), rule.at_least, rule.at_most)
        case Bought():
            return _between(_n_bought(rule, person, world), rule.at_least, rule.at_most)
        case OrderedBetween():
            start, end = _midnight(rule.from_on, world.zone), _midnight(rule.until_on, world.zone)
            rows = _recent([row for row in world.orders if _counts(row)], person, None, world)
            return len([row for row in rows if start <= row["event_at"] < end]) >= rule.at_least
        case AllOf():
            return all(holds(part, person, world) for part in rule.of)
        case AnyOf():
            return any(holds(part, person, world) for part in rule.of)
        case NotOf():
            return not holds(rule.of, person, world)
    return True


def _compare(rule: Compare, profile: Mapping[str, Any], zone: str) -> bool:
    found = profile[rule.attribute]
    if found is None:
        return False
    if isinstance(rule.value, tuple):
        return found in rule.value
    value: Any = rule.value
    if isinstance(found, datetime):
        value = datetime.fromisoformat(value)
        value = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
    tests = {
        "eq": found == value, "ne": found != value,
        **({} if isinstance(found, str | bool) else {
            "lt": found < value, "le": found <= value, "gt": found > value, "ge": found >= value,
        }),
    }  # fmt: skip
    return bool(tests[rule.test])


def _n_bought(rule: Bought, person: str, world: World) -> int:
    good = {row["fact_id"] for row in world.orders if _counts(row)}
    if rule.category is None and rule.sku is None:
        rows = [row for row in world.orders if row["fact_id"] in good]
        return len(_recent(rows, person, rule.within_days, world))
    rows = [row for row in world.lines if row["order_fact_id"] in good]
    rows = [row for row in rows if rule.category is None or row["category"] == rule.category]
    rows = [row for row in rows if rule.sku is None or row["sku"] == rule.sku]
    return len({row["order_fact_id"] for row in _recent(rows, person, rule.within_days, world)})


def _counts(order: Row) -> bool:
    gone = order["refunded_minor"] > 0 and order["refunded_minor"] >= order["subtotal_minor"]
    return order["is_paid"] and not order["is_cancelled"] and not gone


def _recent(rows: list[Row], person: str, within_days: int | None, world: World) -> list[Row]:
    rows = [row for row in rows if row["subject_id"] == person and row["event_at"] <= world.as_of]
    if within_days is None:
        return rows
    return [row for row in rows if row["event_at"] > world.as_of - timedelta(days=within_days)]


def _between(count: int, at_least: int | None, at_most: int | None) -> bool:
    if at_least is None and at_most is None:
        at_least = 1
    return (at_least is None or count >= at_least) and (at_most is None or count <= at_most)


def _midnight(day: str, zone: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
