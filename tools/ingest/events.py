"""`events`: what people did, one JSON object a line."""

import re
from typing import Any

from memory.domain.consent import IdentifierKind
from memory.domain.facts import EVENT_KINDS

from .errors import RowRejected
from .fields import micros, short
from .importer import Importer
from .intake import Intake
from .strict_json import json_lines
from .text import clean

KEYS = frozenset(
    {
        "id", "at", "kind", "email", "phone", "customer_id", "device_id", "channel", "sku", "category", "order",
        "message_id", "device", "value", "machine",
    }
)  # fmt: skip
REFERRAL_KEYS = frozenset(
    {
        "id", "at", "kind", "email", "phone", "customer_id", "device_id", "referrer_email", "referrer_phone",
        "referrer_customer_id",
    }
)  # fmt: skip
MEMBERSHIP_KEYS = frozenset({"id", "at", "kind", "email", "phone", "customer_id", "device_id"})
MEMBERSHIPS = {"join": True, "leave": False}
"""Kinds of lines that say who joined or left the loyalty programme."""
COMMUNITY_KEYS = MEMBERSHIP_KEYS | {"community"}
COMMUNITIES = {"community_join": True, "community_leave": False}
"""Kinds of lines that say who joined or left a community."""
OTHER_KINDS = ("referral", *MEMBERSHIPS, *COMMUNITIES)
"""Kinds that are no event."""
COMMUNITY_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
CHANNELS = frozenset({"web", "app", "store", "email", "sms", "push", "marketplace"})
DEVICES = frozenset({"desktop", "mobile", "tablet", "app"})
SOURCE = "events"


def read(intake: Intake) -> None:
    """Read events; an id that was seen before is the same event (S2-07)."""
    for line, row in json_lines(intake.source, intake.reject):
        try:
            take_event(intake, row)
        except RowRejected as error:
            intake.reject(line, str(error))


def take_event(intake: Intake, row: dict[str, Any]) -> None:
    """Take one event, referral, or joining or leaving of programme or community; raise `RowRejected`."""
    kind = row.get("kind")
    if kind == "referral":
        _referral(intake, row)
    elif isinstance(kind, str) and kind in MEMBERSHIPS:
        _membership(intake, row, MEMBERSHIPS[kind])
    elif isinstance(kind, str) and kind in COMMUNITIES:
        _community(intake, row, COMMUNITIES[kind])
    else:
        _event(intake, row)


def _event(intake: Intake, row: dict[str, Any]) -> None:
    _refuse_unknown(row, KEYS)
    event_id, kind = text(row, "id", required=True), text(row, "kind", required=True)
    if kind not in EVENT_KINDS:
        raise RowRejected(f"kind {short(kind)} is none of {', '.join((*EVENT_KINDS, *OTHER_KINDS))}")
    at = micros(text(row, "at", required=True) or "")
    values = {
        "subject_id": subject(intake, row),
        "kind": kind,
        "channel": one_of(row, "channel", CHANNELS),
        "sku": text(row, "sku"),
        "category": text(row, "category"),
        "order_ref": text(row, "order"),
        "message_id": text(row, "message_id"),
        "device": one_of(row, "device", DEVICES),
        "value": number(row, "value"),
        "is_machine": truth(row, "machine"),
    }
    intake.fact("events", SOURCE, event_id or "", at, values)


def _referral(intake: Intake, row: dict[str, Any]) -> None:
    """Take that one person recommended the shop to another, who came at that instant."""
    _refuse_unknown(row, REFERRAL_KEYS)
    referral_id, at = text(row, "id", required=True), micros(text(row, "at", required=True) or "")
    friend = subject(intake, row, required=True)
    referrer = intake.identify(
        {kind: text(row, f"referrer_{key}") for key, kind in _IDENTIFIERS if kind != "device"}, intake.shop.home_market
    )
    if referrer is None:
        raise RowRejected("it names no usable referrer_email, referrer_phone or referrer_customer_id")
    values = {"subject_id": friend, "referrer_subject_id": referrer}
    intake.fact("referrals", SOURCE, referral_id or "", at, values)


def _membership(intake: Intake, row: dict[str, Any], is_member: bool) -> None:
    """Take that a person joined or left the loyalty programme at that instant."""
    _refuse_unknown(row, MEMBERSHIP_KEYS)
    line_id, at = text(row, "id", required=True), micros(text(row, "at", required=True) or "")
    values = {"subject_id": subject(intake, row, required=True), "is_member": is_member}
    intake.fact("memberships", SOURCE, line_id or "", at, values)


def _community(intake: Intake, row: dict[str, Any], is_member: bool) -> None:
    """Take that a person joined or left a community at that instant."""
    _refuse_unknown(row, COMMUNITY_KEYS)
    line_id, at = text(row, "id", required=True), micros(text(row, "at", required=True) or "")
    community = text(row, "community", required=True) or ""
    if COMMUNITY_ID.fullmatch(community) is None:
        raise RowRejected(f"community {short(community)} is no name of a community")
    values = {"subject_id": subject(intake, row, required=True), "community_id": community, "is_member": is_member}
    intake.fact("community_memberships", SOURCE, line_id or "", at, values)


def _refuse_unknown(row: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := row.keys() - known:
        raise RowRejected(f"unknown keys {', '.join(short(key) for key in sorted(unknown)[:3])}")


_IDENTIFIERS: tuple[tuple[str, IdentifierKind], ...] = (
    ("email", "email"), ("phone", "phone"), ("customer_id", "customer_id"), ("device_id", "device"),
)  # fmt: skip


def subject(intake: Intake, row: dict[str, Any], *, required: bool = False) -> str | None:
    """Give the pseudonym of a row's identifiers; raise `RowRejected` where one is needed and none is usable."""
    written = {kind: found for key, kind in _IDENTIFIERS if (found := text(row, key))}
    known = intake.identify(written)
    if known is None and (written or required):
        raise RowRejected("none of its identifiers is usable" if written else "it names nobody")
    return known


def text(row: dict[str, Any], key: str, *, required: bool = False) -> str | None:
    """Give a cleaned text, numbers as text; none where the key is missing or null."""
    value = row.get(key)
    if value is None and not required:
        return None
    if type(value) is int:
        value = str(value)
    if value is not None and type(value) is not str:
        raise RowRejected(f"{key} is no text")
    cleaned = clean(value, 200) if value else ""
    if required and not cleaned:
        raise RowRejected(f"{key} is {'empty' if value else 'missing'}")
    return cleaned or None


def one_of(row: dict[str, Any], key: str, allowed: frozenset[str]) -> str | None:
    """Give one of the allowed words; raise `RowRejected` for another."""
    value = text(row, key)
    if value is not None and value not in allowed:
        raise RowRejected(f"{key} {short(value)} is none of {', '.join(sorted(allowed))}")
    return value


def number(row: dict[str, Any], key: str) -> float | None:
    """Give a number; true and false are none."""
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RowRejected(f"{key} is no number")
    if abs(value) > 1e12:
        raise RowRejected(f"{key} is too large")
    return float(value)


def truth(row: dict[str, Any], key: str) -> bool:
    """Give true or false; missing is false."""
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise RowRejected(f"{key} is neither true nor false")
    return value


IMPORTER = Importer(
    id="events",
    title={"en": "Events", "zh": "行为事件"},
    description={
        "en": "Views, carts, checkouts, app opens, mail opens, clicks, reviews, returns, deliveries, referrals, "
        "who joins or leaves the loyalty programme or a community; JSONL.",
        "zh": "浏览、加购、结账、打开应用、邮件打开与点击、评价、退货、送达、推荐、入会与退会、社群进出；JSONL 格式。",
    },
    read=read,
    revision=4,  # referrals, memberships, communities
)
