"""What each channel did: messages, what became of them, and what shoppers bought where (S2-28).

The app stands beside mail on equal terms: pushes are counted like mails, and orders placed in the app beside the web's.
"""

from memory.domain.base import Count, Frozen, MinorUnits, Rate
from memory.lake.lake import Lake
from memory.store.engine import Store
from tools.exchange import with_shop_currency
from tools.facts import open_facts


class ChannelFigures(Frozen):
    """One channel that carries messages."""

    channel: str
    """Which."""
    n_by_state: dict[str, Count]
    """Messages per state: planned, claimed, sent, suppressed, failed, unknown."""
    n_heard: dict[str, Count]
    """Events of providers per kind: delivered, bounced, complained, unsubscribed, opened, clicked and answers."""


class OrderPlace(Frozen):
    """One place where orders are placed."""

    channel: str
    """Web, app, store or marketplace."""
    n_orders: Count
    """Orders that were not cancelled."""
    revenue_minor: MinorUnits
    """Their subtotal after refunds, in the shop's currency."""
    share_rate: Rate
    """Its share of all revenue; 0 where there is none."""


class ByChannel(Frozen):
    """The report by channel."""

    shop_id: str
    """Whose."""
    currency: str
    """Of the revenue."""
    messages: tuple[ChannelFigures, ...]
    """Channels that carry messages, push in any case."""
    orders: tuple[OrderPlace, ...]
    """Places where orders are placed, the app in any case."""


def channel_report(store: Store, lake: Lake, shop_id: str) -> ByChannel:
    """Give the report of everything known."""
    with store.read() as uow:
        shop = uow.shops.get(shop_id)
        states, heard = uow.deliveries.outbox_counts(shop_id), uow.deliveries.by_channel(shop_id)
    by_state: dict[str, dict[str, int]] = {channel: {} for channel in ("email", "push", "sms")}
    for channel, state, _, n in states:
        by_state.setdefault(channel, {})[state] = by_state.get(channel, {}).get(state, 0) + n
    figures = tuple(
        ChannelFigures(channel=name, n_by_state=found, n_heard={kind: n for each, kind, n in heard if each == name})
        for name, found in sorted(by_state.items())
    )
    with open_facts(store, lake, [shop_id]) as view:
        orders = view.table("orders")
        kept = orders.filter(~orders.is_cancelled)
        priced = with_shop_currency(kept, view, shop, {"revenue": kept.subtotal_minor - kept.refunded_minor})
        rows = priced.group_by("channel").agg(n=priced.count(), revenue=priced.revenue.sum()).to_pyarrow().to_pylist()
    found = {"app": (0, 0)} | {row["channel"]: (row["n"], int(row["revenue"] or 0)) for row in rows}
    total = sum(revenue for _, revenue in found.values())
    places = tuple(
        OrderPlace(channel=name, n_orders=n, revenue_minor=revenue, share_rate=_share(revenue, total))
        for name, (n, revenue) in sorted(found.items())
    )
    return ByChannel(shop_id=shop_id, currency=shop.currency, messages=figures, orders=places)


def _share(part: int, whole: int) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
