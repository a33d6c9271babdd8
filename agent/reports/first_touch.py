"""How many orders of a period got a first touch in time, and why the others did not (S1-07)."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from agent.tick.first_touch import first_touches
from memory.domain.base import Count, Frozen, Rate
from memory.lake.lake import Lake
from memory.store.engine import Store

from .decision_words import REASONS
from .lift_text import ReportLanguage

WAITS = "waits"
DECIDED = ("sent", "held_out", "withheld")
NONE_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "no_purchase": "cancelled, unpaid or refunded in full", "unknown_person": "nobody knows whose order it is",
        "erased": "the person was erased", "standing_holdout": "withheld from all plans at random",
        "suppressed": "must not be contacted on any channel", "no_consent": "no consent on any channel",
        "no_plan": "no plan ran in those days", "in_no_plan": "the plans of those days do not hold the person",
        "plan_ended": "the person's plan has ended", "no_step_due": "the person's plan had no step due in those days",
    },
    "zh": {
        "no_purchase": "已取消、未付款或全额退款", "unknown_person": "不知道是谁的订单", "erased": "此人的数据已删除",
        "standing_holdout": "被随机留出，不参与任何方案", "suppressed": "任何渠道都不得联系",
        "no_consent": "任何渠道都没有许可",
        "no_plan": "那些天没有运行中的方案", "in_no_plan": "那些天的方案不含此人", "plan_ended": "此人的方案已结束",
        "no_step_due": "此人的方案在那些天没有到期步骤",
    },
}  # fmt: skip
"""Why nothing was decided, in words."""
OUTCOMES: dict[ReportLanguage, dict[str, str]] = {
    "en": {"sent": "decided to send", "held_out": "held out at random", "withheld": "decided against sending",
           "none": "nothing decided", WAITS: "not decided yet"},
    "zh": {"sent": "决定发送", "held_out": "随机留出", "withheld": "决定不发送", "none": "没有决定", WAITS: "尚未决定"},
}  # fmt: skip


class TouchGroup(Frozen):
    """Orders with the same outcome for the same reason."""

    outcome: str
    """sent, held_out, withheld, none, or waits."""
    reason: str
    """Of the decision, or why there was none."""
    n_orders: Count
    """How many orders."""
    share_rate: Rate
    """Their share of all orders of the period."""


class FirstTouchReport(Frozen):
    """First touches of a period's orders."""

    from_on: date
    """First local day."""
    until_on: date
    """Last local day."""
    window_days: Count
    """Within so many days after an order its first touch is to be decided."""
    n_orders: Count
    """Orders placed in the period."""
    n_waiting: Count
    """Those whose days are not over and that nothing was decided of yet."""
    n_decided: Count
    """Those that something was decided of in time."""
    n_explained: Count
    """Those that nothing was decided of, with the reason why."""
    decided_rate: Rate | None
    """Share with a decision among those that do not wait; none where all do."""
    settled_rate: Rate | None
    """Share with a decision or a reason among those that do not wait: 1, or the report is wrong."""
    groups: tuple[TouchGroup, ...]
    """By outcome and reason, the largest first."""


def first_touch(
    store: Store, lake: Lake, shop_id: str, days: tuple[date, date] | None, now: datetime
) -> FirstTouchReport:
    """Read the first touches of orders placed on these local days, or of the last 30.

    What ticks kept counts; orders they have not looked at are read now.
    """
    with store.read() as uow:
        shop = uow.shops.get(shop_id)
        window_days = uow.order_mail.settings(shop_id).first_touch_days
    zone = ZoneInfo(shop.zone)
    today = now.astimezone(zone).date()
    first, last = days or (today - timedelta(days=29), today)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    with store.read() as uow:
        kept = uow.first_touches.table(shop_id, since, until)
    fresh = first_touches(store, lake, shop, since, until, now, timedelta(days=window_days))
    is_new = pc.invert(pc.is_in(fresh["order_fact_id"], value_set=kept["order_fact_id"].combine_chunks()))
    return _report(pa.concat_tables([kept, fresh.filter(is_new)]), (first, last), window_days)


def _report(rows: pa.Table, days: tuple[date, date], window_days: int) -> FirstTouchReport:
    counted = rows.group_by(["outcome", "reason"]).aggregate([([], "count_all")]).to_pylist()
    by_outcome: Counter[str] = Counter()
    for row in counted:
        by_outcome[row["outcome"]] += row["count_all"]
    n, n_waiting = rows.num_rows, by_outcome[WAITS]
    n_decided, n_explained = sum(by_outcome[one] for one in DECIDED), by_outcome["none"]
    groups = (
        TouchGroup(
            outcome=row["outcome"], reason=row["reason"], n_orders=row["count_all"], share_rate=row["count_all"] / n
        )
        for row in counted
    )
    settled = n - n_waiting
    return FirstTouchReport(
        from_on=days[0],
        until_on=days[1],
        window_days=window_days,
        n_orders=n,
        n_waiting=n_waiting,
        n_decided=n_decided,
        n_explained=n_explained,
        decided_rate=n_decided / settled if settled else None,
        settled_rate=(n_decided + n_explained) / settled if settled else None,
        groups=tuple(sorted(groups, key=lambda one: (-one.n_orders, one.outcome, one.reason))),
    )


def touch_words(group: TouchGroup, language: ReportLanguage = "en") -> tuple[str, str]:
    """Give outcome and reason in words; a code nobody wrote words for stands as it is."""
    said = NONE_WORDS[language] if group.outcome in ("none", WAITS) else REASONS[language]
    why = "" if group.outcome == WAITS else said.get(group.reason, group.reason)
    return OUTCOMES[language][group.outcome], why
