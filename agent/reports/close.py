"""The monthly close: what plans committed, sent and gave away in a month, what is owed at its end, and which orders.

Figures are worked out from the facts and messages of now; a month that is not over says so. What people earned by deeds
(missions, referrals) is in `report earned`, not here: no order shows it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from agent.loyalty.liability import Liability, liability
from memory.domain.base import Count, Frozen, Instant
from memory.domain.errors import InvalidInput
from memory.domain.market import Channel, Shop
from memory.domain.money import Money
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.exchange import with_shop_currency
from tools.outcomes.redeemed import with_codes, with_gifts
from tools.priors.amounts import message_cost_millis
from tools.profile import valid_orders

CloseItem = Literal[
    "planned", "committed", "sent", "unknown", "redeemed", "points_redeemed", "credit_owed", "points_owed", "llm"
]
INSTANTS = pa.timestamp("us", "UTC")
MILLIS = 1_000
MICROUNITS_PER_MINOR = 10_000
LLM_CURRENCY = "USD"
"""The currency of the shipped price list of language models."""
ORDERS_SCHEMA = pa.schema(
    [
        ("order_ref", pa.string()),
        ("ordered_at", INSTANTS),
        ("market", pa.string()),
        ("order_currency", pa.string()),
        ("plan_id", pa.string()),
        ("offer_id", pa.string()),
        ("cost_minor", pa.int64()),
    ]
)
"""Orders that show an offer was used; the cost is in the shop's currency."""


class CloseLine(Frozen):
    """One sum of the month."""

    item: CloseItem
    """`planned` steps due in it (reach and expected cost), `committed` money of messages claimed in it, messages
    `sent` and of `unknown` outcome at the price list, offers `redeemed` on its orders, points redeemed, what is owed at
    its end, and calls of language models."""
    plan_id: str = ""
    """The plan; empty for what belongs to none."""
    market: str = ""
    """The market; empty where the figure is not told apart by market."""
    channel: str = ""
    """The channel of a send, the kind of a reward, the name of a model."""
    n: Count
    """Messages, orders, redemptions, people who hold credit unused or points, or runs."""
    amount: Money
    """The sum, rounded once, half to even."""


class MonthlyClose(Frozen):
    """One month of a shop."""

    month: date
    """Its first day."""
    zone: str
    """The zone its days are in."""
    is_over: bool
    """Whether the month had ended at `as_of`; else the figures are of its first part."""
    as_of: Instant
    """When it was read: later refunds and late orders change it."""
    lines: tuple[CloseLine, ...]
    """The sums, by item, plan, market and channel."""


def month_of(text: str) -> date:
    """Give the first day of a month written as 2026-11; raise `InvalidInput` for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidInput(what=f"the month {text!r}", why="it is no month", remedy="Write it as 2026-11") from None


def monthly_close(
    store: Store, lake: Lake, shop_id: str, month: date, as_of: datetime
) -> tuple[MonthlyClose, pa.Table]:
    """Give the close of a month and the orders behind what was redeemed (`ORDERS_SCHEMA`).

    Raise `InvalidInput` for a month that has not begun, `MissingRate` where an order cannot be brought into the shop's
    currency.
    """
    with store.read() as uow:
        shop, version = uow.shops.get(shop_id), uow.versions.latest()
        since, until = _bounds(month, shop)
        if since > as_of:
            raise InvalidInput(what=f"the month {month:%Y-%m}", why="it has not begun", remedy="Name one that has")
        plans = _plans(uow, shop_id, until)
        with lake.open(version.tables, [shop_id]) as view:
            granted = uow.codes.table(shop_id, [plan.id for _, plan in plans])
            orders = redeemed(view, shop, plans, since, min(until, as_of), as_of, granted)
            owed = liability(view, uow, shop, min(until, as_of))
        lines = [
            *_planned(plans, month, until, shop),
            *_messages(uow, shop, since, until),
            *_redeemed(orders, shop),
            *_of_shop(uow, shop, since, until),
            *_owed(owed),
        ]
    found = sorted(lines, key=lambda line: (line.item, line.plan_id, line.market, line.channel))
    close = MonthlyClose(month=month, zone=shop.zone, is_over=until <= as_of, as_of=as_of, lines=tuple(found))
    return close, orders


def redeemed(
    view: LakeView,
    shop: Shop,
    plans: Iterable[tuple[datetime, Plan]],
    since: datetime,
    until: datetime,
    as_of: datetime,
    granted: pa.Table | None = None,
) -> pa.Table:
    """Give the orders of a period that carry a plan's code or gift on its days; of two plans the one begun last.

    `granted` are the plans' codes of people (`memory.store.codes.GRANTS_SCHEMA`): such an order is its plan's alone.
    """
    orders = valid_orders(view, as_of)
    orders = orders.filter(
        orders.shop_id == shop.shop_id, orders.event_at >= ibis.literal(since), orders.event_at < ibis.literal(until)
    )
    orders = with_shop_currency(orders, view, shop, {"discounted_minor": orders.discount_minor})
    newest_first = sorted(plans, key=lambda one: (one[0], one[1].id), reverse=True)
    parts = [
        _uses(orders.filter(orders.event_at >= ibis.literal(live_at)), view, shop, plan, place, _of_plan(granted, plan))
        for place, (live_at, plan) in enumerate(newest_first)
    ]
    if not parts:
        return ORDERS_SCHEMA.empty_table()
    every = pa.concat_tables(parts)
    first = every.group_by("fact_id").aggregate([("place", "min")]).rename_columns(["fact_id", "place"])
    kept = every.join(first, ["fact_id", "place"], join_type="inner")
    return (
        kept.sort_by([(name, "ascending") for name in ("ordered_at", "fact_id", "offer_id")])
        .select(ORDERS_SCHEMA.names)
        .cast(ORDERS_SCHEMA)
    )


def _of_plan(granted: pa.Table | None, plan: Plan) -> pa.Table | None:
    return None if granted is None else granted.filter(pc.equal(granted["plan_id"], plan.id))


def _uses(
    orders: ir.Table, view: LakeView, shop: Shop, plan: Plan, place: int, granted: pa.Table | None = None
) -> pa.Table:
    """Give a row per order and offer of the plan that it shows on the offer's days, by its code or its gift."""
    lines = view.table("order_lines")
    given = with_gifts(lines.semi_join(orders, lines.order_fact_id == orders.fact_id), view, plan.offers)
    given = given.filter(given.gift_offer.notnull())
    given = given.group_by("order_fact_id", offer_id=given.gift_offer).agg(cost_minor=given.gift_minor.sum())
    gifts = orders.join(given, orders.fact_id == given.order_fact_id)
    coded = with_codes(orders, view, plan.offers, granted)
    coded = coded.filter(coded.offer_id.notnull()).mutate(cost_minor=coded.coded_minor)
    names = ("fact_id", "order_ref", "event_at", "market", "currency", "offer_id", "cost_minor")
    both = coded.select(*names).union(gifts.select(*names))
    zone = ZoneInfo(shop.zone)
    days = pa.Table.from_pylist(
        [
            {
                "valid_offer": offer.id,
                "from_at": datetime.combine(offer.limits.valid_from, time(), zone),
                "until_at": datetime.combine(offer.limits.valid_until, time(), zone) + timedelta(days=1),
            }
            for offer in plan.offers
        ],
        pa.schema([("valid_offer", pa.string()), ("from_at", INSTANTS), ("until_at", INSTANTS)]),
    )
    valid = view.memory_table(f"offer_days_{place}", days)
    both = both.join(valid, both.offer_id == valid.valid_offer)
    both = both.filter(both.event_at >= both.from_at, both.event_at < both.until_at)
    return both.select(
        "fact_id",
        "order_ref",
        "offer_id",
        ordered_at="event_at",
        market=ibis.coalesce(both.market, shop.home_market),
        order_currency="currency",
        plan_id=ibis.literal(plan.id),
        cost_minor=both.cost_minor.cast("int64"),
        place=ibis.literal(place, "int64"),
    ).to_pyarrow()


def _bounds(month: date, shop: Shop) -> tuple[datetime, datetime]:
    after = (month + timedelta(days=31)).replace(day=1)
    zone = ZoneInfo(shop.zone)
    return datetime.combine(month, time(), zone), datetime.combine(after, time(), zone)


def _plans(uow: UnitOfWork, shop_id: str, until: datetime) -> list[tuple[datetime, Plan]]:
    """Give the plans that went live before the end of the month, whatever became of them, and when they did."""
    found = []
    for stored in uow.plans.all(shop_id):
        live = uow.batches.live(stored.plan.id)
        if live is not None and live.live_at < until:
            found.append((live.live_at, stored.plan))
    return found


def _planned(plans: Iterable[tuple[datetime, Plan]], month: date, until: datetime, shop: Shop) -> Iterator[CloseLine]:
    for _, plan in plans:
        sums: dict[Channel, tuple[int, int]] = {}
        for step in plan.steps():
            if step.owner == "us" and month <= step.due_on < until.date():
                n, minor = sums.get(step.channels[0], (0, 0))
                sums[step.channels[0]] = (n + step.expected_reach, minor + step.expected_cost.amount_minor)
        for channel, (n, minor) in sums.items():
            yield CloseLine(item="planned", plan_id=plan.id, channel=channel, n=n, amount=_money(shop, minor))


def _messages(uow: UnitOfWork, shop: Shop, since: datetime, until: datetime) -> Iterator[CloseLine]:
    """Give what messages reserve, and what those that left, or may have, cost by the price list."""
    committed: dict[tuple[str, str, str], tuple[int, int]] = {}
    for one in uow.month_sums.messages(shop.shop_id, since, until):
        key = (one.plan_id, one.market, one.channel)
        n, millis = committed.get(key, (0, 0))
        committed[key] = (n + one.n, millis + one.cost_millis)
        if one.state == "claimed":
            continue
        sends = one.n * message_cost_millis(one.channel, shop.currency) + one.extra_millis
        item: CloseItem = "sent" if one.state == "sent" else "unknown"
        yield CloseLine(
            item=item, plan_id=one.plan_id, market=one.market, channel=one.channel, n=one.n, amount=_of(shop, sends)
        )
    for (plan_id, market, channel), (n, millis) in committed.items():
        yield CloseLine(
            item="committed", plan_id=plan_id, market=market, channel=channel, n=n, amount=_of(shop, millis)
        )


def _redeemed(orders: pa.Table, shop: Shop) -> Iterator[CloseLine]:
    sums = orders.group_by(["plan_id", "market"]).aggregate([("cost_minor", "sum"), ("cost_minor", "count")])
    for row in sums.to_pylist():
        amount = _money(shop, row["cost_minor_sum"])
        yield CloseLine(
            item="redeemed", plan_id=row["plan_id"], market=row["market"], n=row["cost_minor_count"], amount=amount
        )


def _of_shop(uow: UnitOfWork, shop: Shop, since: datetime, until: datetime) -> Iterator[CloseLine]:
    for kind, n, minor in uow.month_sums.redemptions(shop.shop_id, since, until):
        yield CloseLine(item="points_redeemed", channel=kind, n=n, amount=_money(shop, minor))
    for run in uow.month_sums.runs(shop.shop_id, since, until):
        cost = Money(amount_minor=_rounded(run.cost_microunits, MICROUNITS_PER_MINOR), currency=LLM_CURRENCY)
        yield CloseLine(item="llm", channel=run.llm, n=run.n, amount=cost)


def _owed(owed: Liability) -> Iterator[CloseLine]:
    for credit in owed.credits:
        n_left = credit.n_granted - credit.n_used
        yield CloseLine(
            item="credit_owed", plan_id=credit.plan_id, channel=credit.offer_id, n=n_left, amount=credit.outstanding
        )
    if owed.points is not None:
        yield CloseLine(item="points_owed", n=owed.points.n_members, amount=owed.points.cost)


def _of(shop: Shop, millis: int) -> Money:
    return _money(shop, _rounded(millis, MILLIS))


def _rounded(amount: int, by: int) -> int:
    """Divide and round half to even, exactly."""
    return round(Fraction(amount, by))


def _money(shop: Shop, minor: int) -> Money:
    return Money(amount_minor=minor, currency=shop.currency)
