"""`spend`: the marketing ledger; what was spent per channel, stage and period.

Entries of channels that win a first order are tagged `pre_purchase`, whether or not the file says so (S1-01).
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from memory.domain.channels_before import pre_purchase_channel
from memory.domain.plan import BUCKETS

from .csv_rows import Row, csv_rows
from .errors import RowRejected
from .fields import as_micros, currency_code, day, minor, not_negative, short, whole
from .importer import Importer
from .intake import Intake
from .text import clean

REQUIRED = ("channel", "stage", "bucket", "amount", "currency", "period_start", "period_end")
STAGES = ("pre_purchase", "post_purchase")
SOURCE = "spend"


def read(intake: Intake) -> None:
    """Read the rows; a channel's stage and bucket of a period is one fact, a corrected amount its next revision."""
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            _entry(intake, row)
        except RowRejected as error:
            intake.reject(line, str(error))


def _entry(intake: Intake, row: Row) -> None:
    channel, bucket = clean(row["channel"], 60), row["bucket"].strip()
    stage = _stage(channel, row["stage"].strip())
    if bucket and bucket not in BUCKETS:
        raise RowRejected(f"bucket {short(bucket)} is none of {', '.join(BUCKETS)}")
    currency, start, end = currency_code(row["currency"]), day(row["period_start"]), day(row["period_end"])
    if end < start:
        raise RowRejected("period_end lies before period_start")
    hours, new = row.get("effort_hours", "").strip(), row.get("new_customers", "").strip()
    values = {
        "channel": channel,
        "stage": stage,
        "bucket": bucket or None,
        "amount_minor": not_negative(minor(row["amount"], currency), "amount"),
        "currency": currency,
        "period_start": start,
        "period_end": end,
        "effort_hours": not_negative(minor(hours, "EUR", "effort_hours"), "effort_hours") / 100 if hours else None,
        "n_new_customers": not_negative(whole(new, "new_customers"), "new_customers") if new else None,
    }
    first = datetime.combine(start, time(), ZoneInfo(intake.shop.zone)).astimezone(UTC)
    intake.fact("spend", SOURCE, f"{channel}|{stage}|{bucket}|{start}|{end}", as_micros(first), values)


def _stage(channel: str, said: str) -> str:
    """Give the stage of an entry: a known channel before the purchase has its own, others say theirs."""
    code = pre_purchase_channel(channel)
    if code is not None and said in ("", "pre_purchase"):
        return "pre_purchase"
    if not channel or said not in STAGES:
        raise RowRejected("channel is missing" if not channel else f"stage {short(said)} is none of {STAGES}")
    if code is not None:
        raise RowRejected(f"{code} is a pre-purchase channel, stage {said} is not")
    return said


IMPORTER = Importer(
    id="spend",
    title={"en": "Marketing spend", "zh": "营销支出"},
    description={
        "en": "The marketing ledger per channel, stage, bucket and period, with hours and new customers; CSV.",
        "zh": "按渠道、阶段、用途与期间的营销支出，含工时与新客数；CSV 格式。",
    },
    read=read,
)
