"""Who of the cohort a step is for, evaluated when it is due: all rules of a tick in one pass over the profiles."""

from collections.abc import Iterable
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.domain.segment import Compare, SegmentRule, leaves
from memory.lake.view import LakeView


def keep_audience(table: ir.Table, view: LakeView, plan: Plan, shop: Shop, due: pa.Table, as_of: datetime) -> ir.Table:
    """Drop candidates of steps whose audience rule the person does not meet; steps without a rule keep everybody."""
    due_steps = set(due["step_id"].to_pylist())
    rules = {step.id: step.audience for step in plan.steps() if step.audience is not None and step.id in due_steps}
    if not rules:
        return table
    from tools.profile import build_profiles
    from tools.segments import flag

    flags = {rule: f"fits_{number}" for number, rule in enumerate(_in_order(rules.values()))}
    people = table.select("person_id").distinct().mutate(shop_id=ibis.literal(shop.shop_id))
    if any(isinstance(leaf, Compare) for rule in flags for leaf in leaves(rule)):  # counting needs no profile
        people = build_profiles(view, shop, as_of).semi_join(people, "person_id")
    flagged = flag({name: rule for rule, name in flags.items()}, people, view, as_of, shop.zone)
    met = flagged.select("person_id", *flags.values()).to_pyarrow()
    fitting = view.memory_table("tick_fitting", _pairs(met, {step: flags[rule] for step, rule in rules.items()}))
    no_rule = table.filter(~table.step_id.isin(sorted(rules)))
    with_rule = table.filter(table.step_id.isin(sorted(rules)))
    return no_rule.union(with_rule.semi_join(fitting, ["person_id", "step_id"]))


def _in_order(rules: Iterable[SegmentRule]) -> list[SegmentRule]:
    """Give each rule once, however many steps ask for it, in one order: ticks ask alike and compile once."""
    return sorted(set(rules), key=lambda rule: rule.model_dump_json())


def _pairs(flags: pa.Table, names: dict[str, str]) -> pa.Table:
    """Give (person_id, step_id) of everyone who meets a step's rule."""
    tables = []
    for step_id, name in sorted(names.items()):
        people = flags.filter(flags[name])["person_id"]
        tables.append(pa.table({"person_id": people, "step_id": pa.repeat(step_id, len(people))}))
    return pa.concat_tables(tables)
