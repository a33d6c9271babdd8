"""`consent`: who permitted or withdrew what, when and how, one JSON object a line."""

from typing import Any, get_args

from memory.domain.consent import ADDRESS, ConsentMethod
from memory.domain.market import Channel

from .errors import RowRejected
from .events import one_of, subject, text, truth
from .fields import micros
from .importer import Importer
from .intake import Intake
from .strict_json import json_lines

KEYS = frozenset(
    {"id", "at", "email", "phone", "customer_id", "channel", "status", "method", "source", "suppressed", "push_token"}
)
PUSH: dict[str, Channel] = {"email": "email", "sms": "sms", "push": "push"}
STATUSES = frozenset({"granted", "revoked", "never"})
METHODS = frozenset(get_args(ConsentMethod)) - {"assumed"}
SOURCE = "consent"


def read(intake: Intake) -> None:
    """Read statements; a channel on which a row says `suppressed` counts as having brought its suppression list."""
    for line, row in json_lines(intake.source, intake.reject):
        try:
            _statement(intake, row)
        except RowRejected as error:
            intake.reject(line, str(error))


def _statement(intake: Intake, row: dict[str, Any]) -> None:
    if row.keys() - KEYS:
        raise RowRejected("it has unknown keys")
    channel = PUSH[one_of(row, "channel", frozenset(PUSH)) or _missing("channel")]
    status = one_of(row, "status", STATUSES) or _missing("status")
    method = one_of(row, "method", METHODS) or "unknown"
    at = micros(text(row, "at", required=True) or "")
    is_suppressed = truth(row, "suppressed")
    who = subject(intake, row, required=True) or ""
    addresses = _addresses(intake, row)
    intake.contact(who, addresses)
    if "suppressed" in row:
        intake.listed_channels.add(channel)
    if is_suppressed:
        intake.suppress(addresses[ADDRESS[channel]], channel, "imported", at)
    source_id = text(row, "id") or f"{who}:{channel}:{at}"
    intake.consent(who, SOURCE, channel, status, method, at, is_suppressed=is_suppressed, source_id=source_id)


def _addresses(intake: Intake, row: dict[str, Any]) -> dict[str, str]:
    return {
        "email": intake.normal("email", text(row, "email")),
        "phone": intake.normal("phone", text(row, "phone")),
        "push_token": text(row, "push_token") or "",
    }


def _missing(key: str) -> str:
    raise RowRejected(f"{key} is missing")


IMPORTER = Importer(
    id="consent",
    title={"en": "Consent and suppression", "zh": "营销许可与抑制名单"},
    description={
        "en": "Statements of consent and suppressed addresses per channel with method and time; JSONL.",
        "zh": "各渠道的许可声明与抑制地址，含方式与时间；JSONL 格式。",
    },
    read=read,
)
