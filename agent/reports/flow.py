"""How each message of a plan was received: opens and clicks by people and by software, orders after a click (S1-51).

Diagnostics: they decide nothing. Whether a message sold anything is what the control group says.
"""

from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.facts import open_facts
from tools.profile import valid_orders

from .flow_targets import TargetRead, read_targets
from .lift_diagnostics import ATTRIBUTION_DAYS
from .ran import left_messages, line_of, plan_that_ran

COLUMNS = ("send_key", "person_id", "step_id", "channel", "message_kind", "state")
ACTS = {"mail_open": "opened", "mail_click": "clicked"}
FIGURES = ("delivered", "bounced", "opened", "machine_opened", "clicked", "machine_clicked", "ordered")


class MessageFlow(Frozen):
    """What the messages of one step on one channel met with. Each message counts once per column."""

    cohort: str
    """Whose journey the step is of; empty where the plan no longer has it."""
    step_id: str
    """The step."""
    channel: str
    """How they left."""
    message_kind: str
    """What they say."""
    n_sent: Count
    """Messages that left, or may have."""
    n_delivered: Count
    """Those a provider said had arrived; providers that say nothing leave it at 0."""
    n_bounced: Count
    """Those that came back."""
    n_opened: Count
    """Those a person opened."""
    n_machine_opened: Count
    """Those that software alone opened, as mail programs do that guard privacy."""
    n_clicked: Count
    """Those a person clicked in."""
    n_machine_clicked: Count
    """Those that software alone clicked in, as filters do."""
    n_ordered: Count
    """Those whose person ordered within the attribution days after their click."""

    def rate(self, n: int) -> Rate:
        """Give a count per message that left; 0 before any."""
        return min(1.0, n / self.n_sent) if self.n_sent else 0.0


class PlanFlow(Frozen):
    """The messages of one plan, as they were received up to an instant."""

    plan_id: str
    """The plan."""
    title: str
    """What people call it."""
    as_of: Instant
    """The instant it is read at."""
    attribution_days: Count
    """Days after a click within which an order counts for it."""
    messages: tuple[MessageFlow, ...]
    """By step and channel, in the order of the plan."""
    targets: tuple[TargetRead, ...] = ()
    """The marketer's targets beside what was counted, in the same order; they decide nothing."""


def flow_report(store: Store, lake: Lake, shop_id: str, plan_id: str, as_of: datetime) -> PlanFlow:
    """Read what became of a plan's messages; raise `NotReady` where it never went live."""
    with store.read() as uow:
        (plan, _), shop = plan_that_ran(uow, shop_id, plan_id), uow.shops.get(shop_id)
        ids, targets = line_of(uow, shop_id, plan_id), uow.message_targets.of(plan_id)
        messages, told = left_messages(uow, shop_id, ids, COLUMNS), uow.deliveries.acts(shop_id, ids)
    with open_facts(store, lake, [shop_id]) as view:
        rows = _received(view, shop, messages, told, as_of)
    steps = [(step.id, journey.cohort) for journey in plan.journeys for step in journey.steps]
    places, cohorts = {step_id: number for number, (step_id, _) in enumerate(steps)}, dict(steps)
    ordered = sorted(rows, key=lambda row: (places.get(row["step_id"], len(places)), row["step_id"], row["channel"]))
    flows = tuple(MessageFlow(cohort=cohorts.get(row["step_id"], ""), **row) for row in ordered)
    return PlanFlow(
        plan_id=plan.id,
        title=plan.title,
        as_of=as_of,
        attribution_days=ATTRIBUTION_DAYS,
        messages=flows,
        targets=read_targets(plan, targets, flows),
    )


def _received(view: LakeView, shop: Shop, messages: pa.Table, told: pa.Table, as_of: datetime) -> list[dict[str, Any]]:
    """Give one row per step and channel, `told` being (send_key, act, is_machine, at) of what providers said."""
    events = view.table("events")
    seen = events.filter(
        events.shop_id == shop.shop_id,
        events.kind.isin(list(ACTS)),
        events.message_id.notnull(),
        events.event_at <= ibis.literal(as_of),
    )
    act = ibis.cases(*((seen.kind == kind, name) for kind, name in ACTS.items()), else_="")
    seen = seen.select(send_key=seen.message_id, act=act, is_machine=seen.is_machine, at=seen.event_at)
    known = view.memory_table("flow_told", told)
    acts = seen.union(known.filter(known["at"] <= ibis.literal(as_of)))
    sent = view.present(view.memory_table("flow_messages", messages))
    flags = sent.left_join(_flags(acts), "send_key").drop("send_key_right")
    flags = view.once("flow_flags", lambda: flags)
    ordered = _ordered(view, shop, flags, as_of)
    wide = flags.left_join(ordered, "send_key").mutate(ordered=ibis._.was_ordered.fill_null(False))
    sums = {f"n_{name}": wide[name].fill_null(False).cast("int64").sum() for name in FIGURES}
    found: list[dict[str, Any]] = (
        wide.group_by(["step_id", "channel", "message_kind"]).agg(n_sent=wide.count(), **sums).to_pyarrow().to_pylist()
    )
    return found


def _flags(acts: ir.Table) -> ir.Table:
    """Give per message what happened to it; software counts only where no person did the same."""
    by_people = {name: (acts.act == name) & ~acts.is_machine for name in ("delivered", "bounced", *ACTS.values())}
    flags = {name: test.any() for name, test in by_people.items()}
    flags |= {f"software_{name}": ((acts.act == name) & acts.is_machine).any() for name in ACTS.values()}
    grouped = acts.group_by("send_key").agg(**flags, clicked_at=acts["at"].min(where=by_people["clicked"]))
    only = {f"machine_{name}": grouped[f"software_{name}"] & ~grouped[name] for name in ACTS.values()}
    return grouped.mutate(**only).drop(*(f"software_{name}" for name in ACTS.values()))


def _ordered(view: LakeView, shop: Shop, flags: ir.Table, as_of: datetime) -> ir.Table:
    """Give (send_key, was_ordered) of messages whose person ordered soon after the click in it."""
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id).select(buyer="person_id", ordered_at="event_at")
    clicked = flags.filter(flags.clicked_at.notnull())
    soon = clicked.clicked_at + ibis.interval(days=ATTRIBUTION_DAYS)
    clicked = clicked.mutate(until_at=soon)
    bought = clicked.inner_join(
        orders,
        [
            clicked.person_id == orders.buyer,
            orders.ordered_at >= clicked.clicked_at,
            orders.ordered_at < clicked.until_at,
        ],
    )
    return bought.select("send_key").distinct().mutate(was_ordered=ibis.literal(True))
