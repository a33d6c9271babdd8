"""From frozen people and due steps to candidates, columnar: audience, exits, caps so far, effects, value and cost."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from agent.planning.table_forecast import other_source
from agent.planning.worth import margin_per_order
from memory.domain.facts import CANDIDATES_SCHEMA
from memory.domain.fatigue import Fatigue
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.message import SECOND_INCENTIVES
from memory.domain.plan import Plan
from memory.domain.preference import topic_of
from memory.lake.joins import looked_up
from memory.lake.view import LakeView
from tools.effects.fatigue import assumed_fatigue
from tools.effects.features import is_at_risk, load
from tools.effects.kept import Tables, tree_scores, with_features
from tools.effects.long_run import lost_orders
from tools.effects.scoring import Scored, goes_by, scored
from tools.priors.amounts import message_cost_millis
from tools.priors.effects import Effect, load_effects
from tools.profile import valid_orders
from tools.risk import LEAVING_SCHEMA, ORDERS_LOST_PER_LEAVER

from .arrived import when_arrived
from .channel_response import with_channel_response
from .due import sendable

CONSENTS = ("consent_email", "consent_sms", "consent_push")
EXTRA_COLUMNS = ("zone_source", "due_at", "template", "is_fallback", "waited_on", "preferred_channel", *CONSENTS)
"""Carried beside `CANDIDATES_SCHEMA` for second channels and the outbox."""
NO_TABLES = Tables()
INSTANT_TYPE = "timestamp('UTC', 6)"
STEPS_SCHEMA = pa.schema(
    [
        ("step_id", pa.string()),
        ("step_channel", pa.string()),
        ("first_channel", pa.string()),
        ("message_kind", pa.string()),
        ("message_class", pa.string()),
        ("topic", pa.string()),
        ("template", pa.string()),
        ("offer_id", pa.string()),
        ("discount_rate", pa.float64()),
        ("worst_margin_rate", pa.float64()),
        ("price_ratio", pa.float64()),
        ("cost_millis", pa.int64()),
        ("order_millis", pa.float64()),  # margin of one added order
        ("exits_on_order", pa.bool_()),
        ("exits_on_return", pa.bool_()),
    ]
)


def step_table(plan: Plan, shop: Shop) -> pa.Table:
    """Give one row per sendable step and channel with what it says, costs and may bring."""
    exits = {journey.id: journey.exit_on for journey in plan.journeys}
    rows: list[dict[str, Any]] = []
    for journey_id, _, step in sendable(plan):
        offer = plan.offer(step.offer_id) if step.offer_id else None
        incentive = int(1000 * offer.redemption_rate * offer.cost_per_use.amount_minor) if offer else 0
        for channel in dict.fromkeys((*step.channels, *((step.fallback.channel,) if step.fallback else ()))):
            rows.append(
                {
                    "step_id": step.id,
                    "step_channel": channel,
                    "first_channel": step.channels[0],
                    "message_kind": step.kind,
                    "message_class": step.message_class,
                    "topic": topic_of(step.kind) or "",
                    "template": f"{step.template}@{step.template_version}",
                    "offer_id": step.offer_id or "",
                    "discount_rate": offer.discount_rate if offer else 0.0,
                    "worst_margin_rate": offer.worst_margin_rate if offer else 1.0,
                    "price_ratio": offer.price_ratio if offer else 1.0,
                    "cost_millis": message_cost_millis(channel, shop.currency) + incentive,
                    "order_millis": 1000 * margin_per_order(plan),
                    "exits_on_order": "order" in exits[journey_id],
                    "exits_on_return": "return" in exits[journey_id],
                }
            )
    return pa.Table.from_pylist(rows, schema=STEPS_SCHEMA)


def effects_table(plan: Plan) -> pa.Table:
    """Give the assumed effects with those in their place that the plan carries as measured."""
    moved = {(one.cohort, one.kind): Effect(mean=one.mean, sd=one.sd) for one in plan.effects}
    return load_effects().table(moved, other_source(plan))


def candidates(
    view: LakeView,
    plan: Plan,
    shop: Shop,
    guardrails: Guardrails,
    *,
    people: ir.Table,
    due: pa.Table,
    state: pa.Table,
    sent: pa.Table,
    wishes: pa.Table,
    as_of: datetime,
    leaving: pa.Table | None = None,
    tables: Tables = NO_TABLES,
    is_few: bool = False,
    is_rehearsal: bool = False,
) -> ir.Table:
    """Give treated and control people x due steps x channels as `CANDIDATES_SCHEMA` plus `EXTRA_COLUMNS`.

    `people` are the plan's frozen members, `state` their rows of `person_state`, `sent` messages planned or handed
    off (person_id, message_class, plan_id, at) within the longest window. `wishes` is what people chose and their
    risk bands (`WISHES_SCHEMA`); `leaving` what unsubscribes say of message kinds (`LEAVING_SCHEMA`, S2-65); `tables`
    what the shop's log taught, in the place of assumed effects where it says more, and of assumed fatigue. With
    `is_few` the view holds the facts of these people alone: of a lane it then says nothing. In a rehearsal no parcel
    has to be there.
    """
    due_rows = view.memory_table("tick_due", due)
    steps = view.memory_table("tick_steps", step_table(plan, shop))
    effects = view.memory_table("tick_effects", effects_table(plan))
    known = view.memory_table("tick_state", state)
    members = people.mutate(
        frozen_market=ibis.coalesce(people.market, ""), frozen_zone=ibis.coalesce(people.zone, "")
    ).select("person_id", "cohort", "arm", "language", "frozen_market", "frozen_zone")
    joined = members.inner_join(due_rows, ["cohort", "frozen_market", "frozen_zone"])
    joined = joined.inner_join(steps.rename(channel="step_channel"), ["step_id", "channel"])
    joined = looked_up(joined, effects, "cohort", "message_kind")
    joined = looked_up(joined, known.rename(state_language="language", state_market="market"), "person_id")
    joined = looked_up(joined, view.memory_table("tick_wishes", wishes), "person_id")
    kinds = view.memory_table("tick_leaving", LEAVING_SCHEMA.empty_table() if leaving is None else leaving)
    joined = looked_up(joined, kinds.select("message_kind", "excess_rate"), "message_kind")
    looks = {"is_few": is_few, "is_rehearsal": is_rehearsal}
    joined = when_arrived(_without_exits(joined, view, plan), view, plan, shop, as_of, due, **looks)
    joined = _with_counts(joined, view, plan, guardrails, sent, as_of)
    learned = tables.learned
    joined = with_channel_response(_with_learned(joined, view, shop, tables, as_of), view, learned)
    return _shaped(joined, learned.fatigue if learned else assumed_fatigue())


def _with_learned(table: ir.Table, view: LakeView, shop: Shop, tables: Tables, as_of: datetime) -> ir.Table:
    """Put learned effects in the place of the plan's for kinds that go by them."""
    if not goes_by(tables):
        return table
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id)
    before = orders.group_by("person_id").aggregate(n_orders=orders.count())
    table = looked_up(table, before, "person_id").mutate(market=table.frozen_market)
    if tables.trees:
        table, different = with_features(table, tables)
        keys = different.columns
        found = view.memory_table("tick_tree_scores", tree_scores(different.to_pyarrow(), tables))
        table = looked_up(table, found, *keys).drop(*keys[1:])
    otherwise = Scored(table.effect_mean, table.effect_sd, table.effect_source)
    mean, sd, source = scored(table, tables, otherwise)
    extra = [name for name in ("market", "n_orders", "tree_score") if name in table.columns]
    return table.mutate(effect_mean=mean, effect_sd=sd, effect_source=source).drop(*extra)


def _without_exits(table: ir.Table, view: LakeView, plan: Plan) -> ir.Table:
    """Drop people whose journey ended: an order or a return after the anchor day, where the journey says so.

    A second incentive is for who has not ordered again: an order after the anchor day ends it in any journey (S1-18).
    """
    anchor = ibis.literal(_day_after(plan), type=INSTANT_TYPE)
    events = view.table("events")
    returned = events.filter(events.kind == "return", events.event_at >= anchor, events.person_id.notnull())
    table = table.mutate(has_returned=table.person_id.isin(returned.person_id))
    ordered = ibis.coalesce(table.last_order_at >= anchor, False)
    ends_it = table.exits_on_order | (table.message_kind.isin(SECOND_INCENTIVES) & ~table.is_fallback)
    return table.filter(~((ends_it & ordered) | (table.exits_on_return & table.has_returned)))


def _with_counts(
    table: ir.Table, view: LakeView, plan: Plan, guardrails: Guardrails, sent: pa.Table, as_of: datetime
) -> ir.Table:
    messages = view.memory_table("tick_sent", sent)
    in_plan = messages.filter(messages.plan_id == plan.id)
    so_far = in_plan.group_by("person_id").aggregate(
        n_promotional=(in_plan.message_class == "promotional").sum(), n_value=(in_plan.message_class == "service").sum()
    )
    windows = {cap.message_class: cap.window_days for cap in guardrails.frequency_caps}
    recent = messages.filter(
        ibis.or_(
            *(
                (messages.message_class == name) & (messages.at > as_of - timedelta(days=days))
                for name, days in sorted(windows.items())
            ),
            ibis.literal(False),
        )
    )
    capped = recent.group_by(["person_id", "message_class"]).aggregate(n_sent_window=recent.count())
    return looked_up(looked_up(table, so_far, "person_id"), capped, "person_id", "message_class")


def _shaped(table: ir.Table, fatigue: Fatigue) -> ir.Table:
    """Name what guardrails and the choice read. Service is owed, not sold: it is worth at least what it costs.

    A send pays for the orders it loses in the long run: by its kind or by the person's load and risk, the larger (the
    same leavers show in both).
    """
    consent, suppressed = ibis.literal(False), ibis.literal(True)
    for channel in ("email", "sms", "push"):
        is_channel = table.channel == channel
        consent = ibis.ifelse(is_channel, ibis.coalesce(table[f"consent_{channel}"], False), consent)
        suppressed = ibis.ifelse(is_channel, ibis.coalesce(table[f"is_suppressed_{channel}"], True), suppressed)
    own_language = ibis.coalesce(table.state_language.nullif(""), table.language.nullif(""), table.default_language)
    mean = ibis.coalesce(table.effect_mean, 0.0)
    of_kind = ibis.coalesce(table.excess_rate, 0.0) * ORDERS_LOST_PER_LEAVER
    lost = ibis.greatest(of_kind, lost_orders(fatigue, load(table), is_at_risk(table)))
    value = ((mean - lost) * table.order_millis).round().cast("int64")
    is_off = ibis.coalesce(table.paused_until > table.send_at, False) | ibis.coalesce(
        table.topics_off.contains(table.topic), False
    )
    is_promotional = table.message_class == "promotional"
    shaped = table.mutate(
        option_id=table.step_id + ":" + table.channel,
        market=table.frozen_market,
        language=own_language,
        has_consent=consent,
        is_suppressed=suppressed | ibis.coalesce(table.is_erased, True) | is_off,
        cap_rate=ibis.coalesce(table.cap_rate, 1.0),
        preferred_channel=ibis.coalesce(table.preferred_channel, ""),
        n_sent_window=ibis.coalesce(table.n_sent_window, 0),
        n_promotional=ibis.coalesce(table.n_promotional, 0),
        n_value=ibis.coalesce(table.n_value, 0),
        effect_mean=mean,
        effect_sd=ibis.coalesce(table.effect_sd, 0.0),
        effect_source=ibis.coalesce(table.effect_source, "none"),
        value_millis=ibis.ifelse(is_promotional, value, ibis.greatest(value, table.cost_millis + 1)),
    )
    return shaped.select(*CANDIDATES_SCHEMA.names, *EXTRA_COLUMNS)


def _day_after(plan: Plan) -> datetime:

    return datetime.combine(plan.anchor_on + timedelta(days=1), time(0), ZoneInfo(plan.zone))
