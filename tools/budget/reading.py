"""Reading the spend ledger: the last 90 days of marketing money and effort, before and after the purchase."""

from datetime import date, datetime, timedelta
from typing import Any

import ibis

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency

from .audit import FINDING_RATE, BudgetAudit, ChannelSpend, risk_band
from .path import PERIOD_DAYS
from .questionnaire import audit_items


def budget_audit(view: LakeView, shop: Shop, as_of: datetime) -> BudgetAudit:
    """Give the audit of the newest 90 days the ledger covers; an empty one where nothing is imported.

    Every entry whose period ends in those days counts with its whole amount, in the shop's currency. Raise
    `MissingRate` where a currency has no exchange rate.
    """
    rows = _rows(view, shop, as_of)
    computable = _computable(view, shop, as_of)
    if not rows:
        return BudgetAudit(currency=shop.currency, items=audit_items(None, None, 0.0, computable))
    pre = sum(row["amount"] for row in rows if row["stage"] != "post_purchase")
    post = sum(row["amount"] for row in rows if row["stage"] == "post_purchase")
    hours = sum(row["hours"] or 0.0 for row in rows)
    post_hours = sum(row["hours"] or 0.0 for row in rows if row["stage"] == "post_purchase")
    share = round(post / (pre + post), 6) if pre + post > 0 else None
    effort = round(post_hours / hours, 6) if hours else None
    n_new = sum(row["n_new"] or 0 for row in rows)
    return BudgetAudit(
        currency=shop.currency,
        period_from=min(row["period_from"] for row in rows),
        period_until=max(row["period_until"] for row in rows),
        pre_minor=pre,
        post_minor=post,
        channels=tuple(_channel(row, pre + post) for row in rows),
        post_share_rate=share,
        effort_share_rate=effort,
        risk_band=risk_band(share),
        exceeds_finding=None if share is None else 1.0 - share > FINDING_RATE,
        acquisition_cost_minor=pre // n_new if n_new else None,
        items=audit_items(share, effort, hours, computable),
    )


def _rows(view: LakeView, shop: Shop, as_of: datetime) -> list[dict[str, Any]]:
    spend = view.table("spend")
    spend = spend.filter(spend.shop_id == shop.shop_id, spend.period_start <= ibis.literal(as_of.date()))
    last: date | None = spend.period_end.max().to_pyarrow().as_py()
    if last is None:
        return []
    spend = spend.filter(spend.period_end > ibis.literal(last - timedelta(days=PERIOD_DAYS)))
    spend = with_shop_currency(spend, view, shop, {"own_amount": spend.amount_minor})
    sums = spend.group_by("channel", "stage").agg(
        amount=spend.own_amount.sum(),
        hours=spend.effort_hours.sum(),
        n_new=spend.n_new_customers.sum(),
        period_from=spend.period_start.min(),
        period_until=spend.period_end.max(),
    )
    ordered = sums.order_by(ibis.desc(sums.amount), sums.channel, sums.stage)
    found: list[dict[str, Any]] = ordered.to_pyarrow().to_pylist()
    return found


def _channel(row: dict[str, Any], total: int) -> ChannelSpend:
    return ChannelSpend(
        channel=row["channel"],
        stage="post_purchase" if row["stage"] == "post_purchase" else "pre_purchase",
        amount_minor=row["amount"],
        share_rate=min(max(round(row["amount"] / total, 6), 0.0), 1.0) if total else 0.0,
        effort_hours=row["hours"] or 0.0,
        n_new_customers=row["n_new"] or 0,
    )


def _computable(view: LakeView, shop: Shop, as_of: datetime) -> dict[str, bool]:
    """Which of the four post-purchase metrics the facts allow (S1-47)."""
    orders = view.table("orders")
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.event_at <= ibis.literal(as_of))
    events = view.table("events")
    events = events.filter(events.shop_id == shop.shop_id, events.kind.isin(["mail_open", "mail_click"]))
    has = orders.aggregate(known=orders.person_id.count(), referred=orders.is_referred.sum()).to_pyarrow()
    known, referred = has["known"][0].as_py(), has["referred"][0].as_py()
    return {
        "rpr": bool(known),
        "clv": bool(known),
        "referral_rate": bool(referred),
        "flow_performance": bool(events.limit(1).count().to_pyarrow().as_py()),
    }
