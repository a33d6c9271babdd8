"""What the second checker looks at, made from the same candidate rows and plans that the first one is tested with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from agent.planning.catalogue import CATALOGUE
from agent.planning.context import PlanContext
from agent.tick.certify import Shared, certificates
from agent.tick.intents import STATES_SCHEMA, IntentsThen
from agent.tick.messages import FALLBACK, send_key
from agent.verify import verify_message
from memory.domain.canonical import canonical_json
from memory.domain.facts import CANDIDATES_SCHEMA
from memory.domain.figures import MarketingMoney, ShopFigures
from memory.domain.guardrails import Guardrails
from memory.domain.handover import DeedsNow, MarketNow, PersonNow, PlanNow, Promise, Slot, TemplateNow
from memory.domain.outcome import Verdict
from memory.domain.plan import Plan
from memory.domain.segment import Intends
from memory.store.instants import to_micros
from tests.factories.doing import approved
from tests.factories.plans import SEND_AT, good_context, good_plan
from tools.markets import load_markets

KEY = b"a key for tests only, 32 bytes.."
TEMPLATES = {each.id: TemplateNow(each.kind, each.version) for each in CATALOGUE}


def figures(ctx: PlanContext | None = None, **changes: Any) -> ShopFigures:
    """The figures that a context was read from."""
    ctx = ctx or good_context()
    given = {
        "shop_id": ctx.shop.shop_id,
        "data_version": ctx.data_version,
        "currency": ctx.shop.currency,
        "margins": {each.category: each.margin_rate for each in ctx.categories},
        "margin_rate": ctx.margin_rate,
        "gifts": {gift.sku: gift.n_in_stock for gift in ctx.gifts},
        "money": MarketingMoney(
            period_from=ctx.audit.period_from,
            period_until=ctx.audit.period_until,
            total_minor=ctx.audit.total_minor,
            post_share_rate=ctx.audit.post_share_rate,
        ),
        "rates": ctx.rates,
    }
    return ShopFigures(**{**given, **changes})


def plan_now(plan: Plan | None = None, ctx: PlanContext | None = None, **changes: Any) -> PlanNow:
    """A live plan with a standing approval; of the good plan's people nothing else holds money."""
    plan, ctx = plan or good_plan(), ctx or good_context()
    given: dict[str, Any] = {
        "plan": plan,
        "status": "live",
        "approval": approved(plan).approval,
        "may_approve": True,
        "touched_by": ("mia",),
        "live_at": SEND_AT - timedelta(days=10),
        "guardrails": ctx.guardrails,
        "figures": figures(ctx),
        "concurrent_minor": 0,
        "remaining_millis": 1000 * plan.budget.total.amount_minor,
        "home_zone": "Europe/Berlin",
        "templates": TEMPLATES,
    }
    return PlanNow(**{**given, **changes})


EXPLORING = DeedsNow(looked={"running": 5})
ABANDONING = DeedsNow(cart_at=SEND_AT - timedelta(days=1))
DOING = {"explore": EXPLORING, "abandon": ABANDONING}
"""What somebody did who is in the state."""


def intents_of(plan: Plan, row: dict[str, Any], state: str | None = None) -> IntentsThen:
    """The state of the row's person as a tick finds it; the one their step is for, where none is given."""
    step = next((each for each in plan.steps() if each.id == row["step_id"]), None)
    rule = step.audience if step else None
    if not isinstance(rule, Intends):
        return IntentsThen()
    states = [{"person_id": row["person_id"], "state": rule.state if state is None else state}]
    return IntentsThen(
        {row["step_id"]: canonical_json(rule).decode()}, pa.Table.from_pylist(states, STATES_SCHEMA), to_micros(SEND_AT)
    )


def certified(
    row: dict[str, Any],
    plan: Plan,
    rails: Guardrails,
    key: bytes = KEY,
    *,
    is_fallback: bool = False,
    intents: IntentsThen | None = None,
) -> str:
    """The certificate the tick makes of a candidate, whatever it says."""
    step = f"{row['step_id']}/{FALLBACK}" if is_fallback else row["step_id"]
    ids = pa.array([f"{plan.id[:12]}/{step}/{row['person_id']}"])
    shared = Shared(
        key, plan.id, rails, {market.country: market for market in load_markets().all()},
        data_version=3, decided_at=to_micros(SEND_AT), budget_millis=1000 * plan.budget.total.amount_minor,
        intents=intents or intents_of(plan, row),
    )  # fmt: skip
    table = pa.Table.from_pylist([row], schema=CANDIDATES_SCHEMA).append_column("template", [[row["template"]]])
    found: str = certificates(table, ids, pa.array([send_key(plan, row, is_fallback)]), shared)[0].as_py()
    return found


def outbox_row(
    row: dict[str, Any], plan: Plan, rails: Guardrails, at: datetime, *, is_fallback: bool = False, **changes: Any
) -> dict[str, Any]:
    """The planned message of a candidate, due `at`, with its certificate, as a tick would have written it."""
    step = next(each for each in plan.steps() if each.id == row["step_id"])
    row = {**row, "template": f"{step.template}@{step.template_version}"}
    names = ("person_id", "cohort", "step_id", "channel", "message_kind", "message_class", "offer_id", "market",
             "language", "zone", "cost_millis", "template")  # fmt: skip
    stated = {name: row[name] for name in names} | {
        "send_key": send_key(plan, row, is_fallback),
        "first_key": send_key(plan, row) if is_fallback else "",
        "shop_id": plan.shop_id,
        "plan_id": plan.id,
        "batch_id": "b",
        "due_at": to_micros(at),
        "send_at": to_micros(at),
        "certificate": certified(row, plan, rails, is_fallback=is_fallback),
    }
    return {**stated, **changes}


def promised(row: dict[str, Any], now: PlanNow, **changes: Any) -> Promise:
    """The outbox row of a candidate; `changes` are made to it afterwards, as by hand."""
    plan = now.plan
    step = next((each for each in plan.steps() if each.id == row["step_id"]), None)
    row = {"template": f"{step.template}@{step.template_version}" if step else "", **row}
    names = ("step_id", "person_id", "cohort", "channel", "message_kind", "message_class", "offer_id", "cost_millis")
    fields = {name: row[name] for name in names} | {
        "send_key": send_key(plan, row),
        "shop_id": plan.shop_id,
        "plan_id": plan.id,
        "template": row["template"],
        "language": row["language"] or "",
        "certificate": certified(row, plan, now.guardrails),
    }
    return Promise(**{**fields, **changes})


def person_of(row: dict[str, Any], **changes: Any) -> PersonNow:
    """The person as the candidate row says they are."""
    slots = tuple(
        Slot(f"before{n}", row["message_class"], SEND_AT - timedelta(days=1 + n))
        for n in range(row["n_sent_window"] or 0)
    )
    given: dict[str, Any] = {
        "arm": row["arm"] if row["arm"] in ("treated", "control") else None,
        "is_erased": False,
        "has_consent": bool(row["has_consent"]),
        "is_suppressed": bool(row["is_suppressed"]),
        "zones": (row["zone"],) if row["zone"] else (),
        "last_order_at": row["last_order_at"],
        "slots": slots,
        "deeds": _deeds(row["step_id"]),
    }
    return PersonNow(**{**given, **changes})


def _deeds(step_id: str) -> DeedsNow | None:
    step = next((each for each in good_plan().steps() if each.id == step_id), None)
    return DOING[step.audience.state] if step and isinstance(step.audience, Intends) else None


def market_now(country: str = "DE") -> MarketNow:
    return MarketNow(load_markets().by_country.get(country), frozenset())


def judged(
    row: dict[str, Any],
    now: PlanNow | None = None,
    *,
    at: datetime | None = None,
    person: PersonNow | None = None,
    promise: Promise | None = None,
    key: bytes = KEY,
) -> Verdict:
    """What the second checker says of a candidate that became a message."""
    now = now or plan_now()
    minute = row["local_minute"] if row["local_minute"] is not None else 0
    berlin = (at or SEND_AT.replace(hour=0) + timedelta(minutes=minute - 60)).astimezone(UTC)
    promise = promise or promised(row, now)
    return verify_message(key, promise, person or person_of(row), now, market_now(row["market"]), berlin)
