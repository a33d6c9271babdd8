"""States of intent for certificates: which state each person of a tick is in, for the steps that ask for one."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.canonical import canonical_json
from memory.domain.plan import Plan
from memory.domain.segment import Intends, leaves
from memory.lake.view import LakeView
from memory.store.instants import to_micros

STATES_SCHEMA = pa.schema([("person_id", pa.string()), ("state", pa.string())])


class IntentsThen(NamedTuple):
    """What the steps of a tick ask, and who is in which state."""

    rules: Mapping[str, str] = {}
    """Audience rule as canonical JSON per step that asks for a state; steps without one are missing."""
    states: pa.Table = STATES_SCHEMA.empty_table()
    """(person_id, state) of everyone who is in one."""
    as_of: int = 0
    """Up to when facts were counted (microseconds)."""


def intents_then(view: LakeView, plan: Plan, people: ir.Table, due: pa.Table, as_of: datetime) -> IntentsThen:
    """Give the states of these people where a due step asks for one; nothing is read where none does."""
    due_steps = set(due["step_id"].to_pylist())
    rules = {
        step.id: canonical_json(step.audience).decode()
        for step in plan.steps()
        if step.id in due_steps
        and step.audience is not None
        and any(isinstance(leaf, Intends) for leaf in leaves(step.audience))
    }
    if not rules:
        return IntentsThen()
    from tools.profile.intent import known_states

    states = known_states(view, as_of)
    states = states.filter(states.shop_id == plan.shop_id).semi_join(people, "person_id")
    found = states.select(*STATES_SCHEMA.names).to_pyarrow().cast(STATES_SCHEMA)
    return IntentsThen(rules, found, to_micros(as_of))
