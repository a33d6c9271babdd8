"""Decision inputs of a few people for a plan, made without a shop: what bundles under test take along."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from agent.planning.context import PlanContext
from agent.sessions.decisions import DECIDED_SCHEMA, DecisionInputs, Frames
from agent.tick.certify import Shared
from agent.tick.decide import Frame
from agent.tick.judge import judge
from agent.tick.kept import keep
from memory.domain.decision_frame import DecisionFrame
from memory.domain.facts import DECISION_INPUTS_SCHEMA
from memory.domain.plan import Plan, Step
from memory.lake.view import LakeView

N_PEOPLE = 12
AT = datetime(2026, 12, 2, 9, tzinfo=UTC)


def small_decisions(plan: Plan, context: PlanContext) -> DecisionInputs:
    """Decide the plan's first two steps for twelve people, as a tick does, and give what it keeps."""
    steps = plan.steps()[:2]
    rows = pa.Table.from_pylist([_row(n, step) for n in range(N_PEOPLE) for step in steps], DECISION_INPUTS_SCHEMA)
    rows = rows.drop_columns(["batch_id", "shop_id", "plan_id"])
    markets = {market.country: market for market in context.markets}
    rails = context.guardrails
    shared = Shared(b"k" * 32, plan.id, rails, markets, data_version=1, decided_at=0, budget_millis=10**9)
    frame = Frame(plan, rails, AT, "b1", 7, 0.2, 10**9, {}, shared)
    with LakeView({}) as view:
        made = judge(view, rows, frame, context.markets)
    kept = keep(rows, frame, made, 1)
    frames = (DecisionFrame.model_validate_json(kept.frame["frame"][0].as_py()),)
    named = Frames(plan=plan, frames=frames, guardrails=(rails,), markets=context.markets)
    return DecisionInputs(named, kept.inputs, made.decisions.select(DECIDED_SCHEMA.names).cast(DECIDED_SCHEMA))


def _row(number: int, step: Step) -> dict[str, Any]:
    return {
        "person_id": f"p{number:024x}",
        "cohort": "first_time",
        "arm": "control" if number % 6 == 0 else "treated",
        "step_id": step.id,
        "journey_id": "first_time",
        "option_id": f"{step.id}:email",
        "channel": "email",
        "message_kind": step.kind,
        "message_class": step.message_class,
        "offer_id": "",
        "market": "DE",
        "language": "en",
        "zone": "Europe/Berlin",
        "send_at": AT + timedelta(hours=1),
        "local_minute": 660,
        "local_weekday": 2,
        "is_local_holiday": False,
        "has_consent": number % 4 != 1,
        "is_suppressed": False,
        "cap_rate": 1.0,
        "n_sent_window": 0,
        "n_promotional": 0,
        "n_value": 0,
        "discount_rate": 0.0,
        "worst_margin_rate": 1.0,
        "price_ratio": 1.0,
        "effect_mean": 0.01,
        "effect_sd": 0.005,
        "effect_source": "assumption",
        "value_millis": 900 + number,
        "cost_millis": 10,
        "zone_source": "market",
        "due_at": AT,
        "template": f"{step.template}@{step.template_version}",
        "is_fallback": False,
        "waited_on": "",
        "consent_email": True,
        "consent_sms": False,
        "consent_push": False,
        "has_goods": True,
    }
