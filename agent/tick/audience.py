"""Who of the cohort a step is for, evaluated when it is due: all rules of a tick in one pass over the profiles."""

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.domain.segment import Compare, leaves
from memory.lake.view import LakeView


def keep_audience(table: ir.Table, view: LakeView, plan: Plan, shop: Shop, due: pa.Table, as_of: datetime) -> ir.Table:
    """Drop candidates of steps whose audience rule the person does not meet; steps without a rule keep everybody."""
    due_steps = set(due["step_id"].to_pylist())
    rules = {step.id: step.audience for step in plan.steps() if step.audience is not None and step.id in due_steps}
    if not rules:
        return table
    from tools.profile import build_profiles
    from tools.segments import flag

    names = {step_id: f"fits_{number}" for number, step_id in enumerate(sorted(rules))}
    people = table.select("person_id").distinct().mutate(shop_id=ibis.literal(shop.shop_id))
    if any(isinstance(leaf, Compare) for rule in rules.values() for leaf in leaves(rule)):  # counting needs no profile
        people = build_profiles(view, shop, as_of).semi_join(people, "person_id")
    flags = flag({names[step]: rule for step, rule in rules.items()}, people, view, as_of, shop.zone)
    fitting = view.memory_table("tick_fitting", _pairs(flags.select("person_id", *names.values()).to_pyarrow(), names))
    no_rule = table.filter(~table.step_id.isin(sorted(rules)))
    with_rule = table.filter(table.step_id.isin(sorted(rules)))
    return no_rule.union(with_rule.semi_join(fitting, ["person_id", "step_id"]))


def _pairs(flags: pa.Table, names: dict[str, str]) -> pa.Table:
    """Give (person_id, step_id) of everyone who meets a step's rule."""
    tables = []
    for step_id, name in sorted(names.items()):
        people = flags.filter(flags[name])["person_id"]
        tables.append(pa.table({"person_id": people, "step_id": pa.repeat(step_id, len(people))}))
    return pa.concat_tables(tables)
