"""Orders and parcels that were just heard of become mails to come, where the shop made the step ours (S1-14, S1-15).

Only live deliveries come here: what is imported from files is history and gets nothing. An order or parcel of before
the step became ours, or of long ago, gets nothing either, however late its webhook comes.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from memory.domain.order_mail import OwnedStep
from memory.store.instants import to_micros
from memory.store.order_mail import order_mail_key, owned_steps
from memory.store.unit_of_work import UnitOfWork

from .intake import LiveIntake, Placed, Tracking

FRESH = timedelta(hours=48)
"""What happened longer ago when it is heard of is history."""
MICROSECOND = timedelta(microseconds=1)
NO_TRACKING = Tracking("", "", "")


def note_order_mail(uow: UnitOfWork, shop_id: str, intakes: Iterable[LiveIntake], now: datetime) -> int:
    """Keep in the caller's transaction which mails are to go, one per order and parcel; give how many are new."""
    standing = uow.order_mail.standing(shop_id)
    owned = owned_steps(standing)
    if standing is None or not owned:
        return 0
    wait = timedelta(minutes=standing.settings.notice_minutes)
    rows: list[dict[str, Any]] = []
    for intake in intakes:
        rows += _rows(shop_id, "order_confirmation", intake.orders, {}, owned, now, timedelta())
        rows += _rows(shop_id, "shipping_notice", intake.parcels, intake.tracking, owned, now, wait)
    n_new = uow.order_mail.add(list({row["send_key"]: row for row in reversed(rows)}.values()))
    uow.order_mail.tell_number(
        [
            {
                "of_key": row["send_key"], "to_carrier": row["carrier"], "to_number": row["tracking_number"],
                "to_url": row["tracking_url"], "to_at": row["heard_at"],
            }
            for row in rows
            if row["tracking_number"]
        ]
    )  # fmt: skip
    return n_new


def _rows(
    shop_id: str,
    kind: OwnedStep,
    placed: Iterable[Placed],
    tracking: dict[str, Tracking],
    owned: dict[OwnedStep, datetime],
    now: datetime,
    wait: timedelta,
) -> Iterator[dict[str, Any]]:
    """Give the rows of what is new enough; a parcel without a number waits for one."""
    if kind not in owned:
        return
    earliest = max(to_micros(owned[kind]), to_micros(now - FRESH))
    for one in placed:
        if one.event_at < earliest:
            continue
        is_parcel, seen = kind == "shipping_notice", tracking.get(one.fact_id, NO_TRACKING)
        waits = wait // MICROSECOND if is_parcel and not seen.number else 0
        yield {
            "send_key": order_mail_key(shop_id, kind, one.fact_id),
            "shop_id": shop_id,
            "kind": kind,
            "order_ref": one.order_ref,
            "order_fact_id": "" if is_parcel else one.fact_id,
            "parcel_id": one.fact_id if is_parcel else "",
            "subject_id": one.subject_id,
            "carrier": seen.carrier,
            "tracking_number": seen.number,
            "tracking_url": seen.url,
            "slip_id": "",
            "event_at": one.event_at,
            "heard_at": one.received_at,
            "send_at": one.received_at + waits,
            "language": "",
            "state": "planned",
            "said": "",
        }
