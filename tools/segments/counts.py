"""Counts that segment rules ask for: events and orders per person, all leaves in one pass per fact table."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from memory.domain.segment import Bought, Did, Intends, OrderedBetween
from memory.lake.view import LakeView
from tools.profile.intent import known_states
from tools.profile.purchases import valid_lines, valid_orders, with_category

CountedRule = Did | Bought | OrderedBetween | Intends
Wanted = Mapping[CountedRule, str]
KEYS = ("shop_id", "person_id")


def with_counts(profiles: ir.Table, names: Wanted, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    """Give the profiles with one count column per leaf (0 where nothing happened), named as in `names`."""
    events: Wanted = {rule: name for rule, name in names.items() if isinstance(rule, Did)}
    orders: Wanted = {rule: name for rule, name in names.items() if _by_order(rule)}
    intents: Wanted = {rule: name for rule, name in names.items() if isinstance(rule, Intends)}
    others = {*events, *orders, *intents}
    lines = {rule: name for rule, name in names.items() if rule not in others}
    parts = ((_event_counts, events), (_order_counts, orders), (_line_counts, lines), (_intents, intents))
    for count, wanted in parts:
        if wanted:
            profiles = _join(profiles, count(wanted, view, as_of, zone), wanted.values())
    return profiles


def local_midnight(day: str, zone: str) -> datetime:
    """Give the instant at which a day (`2025-11-28`) begins in an IANA zone."""
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))


def _by_order(rule: CountedRule) -> bool:
    return isinstance(rule, OrderedBetween) or (isinstance(rule, Bought) and rule.category is None and rule.sku is None)


def _join(profiles: ir.Table, counts: ir.Table, names: Iterable[str]) -> ir.Table:
    names = list(names)
    counts = counts.rename(_shop="shop_id", _person="person_id")
    joined = profiles.left_join(counts, [profiles.shop_id == counts["_shop"], profiles.person_id == counts["_person"]])
    filled = {name: ibis.coalesce(joined[name], ibis.literal(0, "int64")) for name in names}
    return joined.mutate(**filled).drop("_shop", "_person")


def _event_counts(rules: Wanted, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    events = view.table("events")
    events = events.filter(events.person_id.notnull(), events.event_at <= ibis.literal(as_of), ~events.is_machine)
    if any(isinstance(rule, Did) and rule.category is not None for rule in rules):
        events = with_category(events, view)
    kinds = sorted({kind for rule in rules if isinstance(rule, Did) for kind in rule.events})
    return _counts(events.filter(events.kind.isin(kinds)), rules, as_of, zone)


def _order_counts(rules: Wanted, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    return _counts(valid_orders(view, as_of), rules, as_of, zone)


def _line_counts(rules: Wanted, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    return _counts(valid_lines(view, as_of), rules, as_of, zone, of="order_fact_id")


def _counts(rows: ir.Table, rules: Wanted, as_of: datetime, zone: str, *, of: str | None = None) -> ir.Table:
    """Count per person the rows of each rule, or their different values of a column; only rows of some rule are read.

    Who has none is left out, so that a question on few days groups the facts of those days alone.
    """
    some = rows.filter(reduce(or_, (_matches(rule, rows, as_of, zone) for rule in rules)))
    matches = {name: _matches(rule, some, as_of, zone) for rule, name in rules.items()}
    counts = {
        name: some.count(where=matched) if of is None else some[of].nunique(where=matched)
        for name, matched in matches.items()
    }
    return some.group_by(KEYS).agg(**counts)


def _intents(rules: Wanted, view: LakeView, as_of: datetime, zone: str) -> ir.Table:
    """Give 1 where the person's state is the rule's; a person is in one state at most."""
    states = known_states(view, as_of)
    flags = {
        name: (states.state == rule.state).cast("int64") for rule, name in rules.items() if isinstance(rule, Intends)
    }
    return states.select(*KEYS, **flags)


def _matches(rule: CountedRule, rows: ir.Table, as_of: datetime, zone: str) -> ir.BooleanValue:
    tests: list[ir.BooleanValue] = [ibis.literal(True)]
    if isinstance(rule, Intends):
        return tests[0]
    if isinstance(rule, OrderedBetween):
        tests.append(rows.event_at >= ibis.literal(local_midnight(rule.from_on, zone)))
        tests.append(rows.event_at < ibis.literal(local_midnight(rule.until_on, zone)))
        return reduce(and_, tests)
    if rule.within_days is not None:
        tests.append(rows.event_at > ibis.literal(as_of - timedelta(days=rule.within_days)))
    if rule.category is not None:
        tests.append(rows.category == rule.category)
    if isinstance(rule, Did):
        tests.append(rows.kind.isin(rule.events))
    elif rule.sku is not None:
        tests.append(rows.sku == rule.sku)
    return reduce(and_, tests)
