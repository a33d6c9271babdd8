"""`klaviyo-profiles`: profiles with consent and suppression, as Klaviyo's API gives them or as a CSV export.

JSON:API pages of `GET /api/profiles?additional-fields[profile]=subscriptions` (one page, a list of pages, or one
page a line), with push tokens where `include=push-tokens` was asked for. A suppression is kept whatever else is
wrong with its profile.
"""

from collections.abc import Iterator
from typing import Any

from memory.domain.market import Channel

from .errors import RowRejected
from .fields import country, language, micros, zone
from .importer import Importer
from .intake import UNDATED, Intake
from .klaviyo_csv import read_csv
from .payload import Json
from .strict_json import document, json_lines

SOURCE = "klaviyo"
CHANNELS: dict[str, tuple[Channel, str]] = {
    "email": ("email", "email"),
    "sms": ("sms", "phone"),
    "mobile_push": ("push", "push_token"),
}
"""Klaviyo's subscription to our channel and the contact field it sends to."""
STATUS = {"SUBSCRIBED": "granted", "UNSUBSCRIBED": "revoked"}
REASON = {
    "HARD_BOUNCE": "hard_bounce", "INVALID_EMAIL": "hard_bounce", "SPAM_COMPLAINT": "complaint",
    "UNSUBSCRIBE": "unsubscribed", "USER_SUPPRESSED": "manual",
}  # fmt: skip
METHOD = {
    "FORM": "form",
    "PREFERENCE_PAGE": "preference_page",
    "CHECKOUT": "checkout",
    "SHOPIFY_INTEGRATION": "checkout",
}


def read(intake: Intake) -> None:
    """Read pages of profiles, or the CSV export."""
    if intake.source.path.suffix.lower() == ".csv":
        read_csv(intake)
        return
    for place, profile, tokens in _profiles(intake):
        intake.source.counted()
        try:
            _profile(intake, Json.of(profile), tokens)
        except RowRejected as error:
            intake.reject(place, str(error))


def _profiles(intake: Intake) -> Iterator[tuple[int, Any, dict[str, str]]]:
    """Give (line or position, profile, push tokens by profile id)."""
    if intake.source.path.suffix == ".jsonl":
        for line, page in json_lines(intake.source, intake.reject):
            tokens = _tokens(page)
            yield from ((line, profile, tokens) for profile in _entries(page))
        return
    value = document(intake.source)
    pages = [page for page in (value if isinstance(value, list) else [value]) if isinstance(page, dict)]
    if not any("data" in page for page in pages):
        intake.source.refuse("it holds no page of profiles", "Save the answers of GET /api/profiles as they are")
    place = 0
    for page in pages:
        tokens = _tokens(page)
        for profile in _entries(page):
            place += 1
            yield place, profile, tokens


def _entries(page: dict[str, Any]) -> list[Any]:
    data = page.get("data")
    return data if isinstance(data, list) else [data] if data else []


def _tokens(page: dict[str, Any]) -> dict[str, str]:
    """Give the newest push token per profile id among a page's included resources."""
    included = page.get("included")
    found: dict[str, str] = {}
    for entry in included if isinstance(included, list) else []:
        if isinstance(entry, dict) and entry.get("type") == "push-token":
            try:
                resource = Json(entry)
                owner = resource.child("relationships").child("profile").child("data").id("id")
                found[owner] = resource.child("attributes").text("token", 500)
            except RowRejected:
                continue
    return found


def _profile(intake: Intake, profile: Json, tokens: dict[str, str]) -> None:
    about = profile.child("attributes")
    place = about.child("location")
    market = country(place.text("country"))
    email, phone = about.text("email", 254), about.text("phone_number")
    addresses = {
        "email": intake.normal("email", email),
        "phone": intake.normal("phone", phone, market or intake.shop.home_market),
        "push_token": tokens.get(profile.id("id"), ""),
    }
    subscriptions = about.child("subscriptions")
    _suppressions(intake, subscriptions, addresses)
    external_id = about.id("external_id")
    subject = intake.identify({"email": email, "customer_id": external_id, "phone": phone}, market or "")
    if subject is None:
        raise RowRejected("it has no usable e-mail, phone or external id")
    person = {"market": market, "language": language(about.text("locale")), "zone": zone(place.text("timezone"))}
    names = {"first_name": about.text("first_name", 80), "last_name": about.text("last_name", 80)}
    known = {"language": person["language"], "zone": person["zone"], "country": market}
    intake.contact(subject, {**addresses, **names, **known})
    intake.fact("people", SOURCE, subject, UNDATED, {"subject_id": subject, **person, "is_assumed": False})
    for key, (channel, _) in CHANNELS.items():
        _consent(intake, subject, channel, subscriptions.child(key).child("marketing"))


def _suppressions(intake: Intake, subscriptions: Json, addresses: dict[str, str]) -> None:
    for key, (channel, address) in CHANNELS.items():
        if key in subscriptions.raw:
            intake.listed_channels.add(channel)
        for entry in subscriptions.child(key).child("marketing").children("suppression"):
            reason = REASON.get(entry.text("reason"), "imported")
            intake.suppress(addresses[address], channel, reason, _at(intake, entry.text("timestamp")))


def _consent(intake: Intake, subject: str, channel: Channel, marketing: Json) -> None:
    stated = marketing.text("consent")
    if not stated:
        return
    status = STATUS.get(stated, "never")
    written = marketing.text("consent_timestamp") or marketing.text("last_updated")
    at = _at(intake, written) if written and status != "granted" else _weak(written)
    method = (
        "double_opt_in"
        if marketing.raw.get("double_optin") is True
        else METHOD.get(marketing.text("method"), "unknown")
    )
    is_suppressed = any(True for _ in marketing.children("suppression"))
    intake.consent(
        subject, SOURCE, channel, status, method, at, is_suppressed=is_suppressed, is_current=status == "revoked"
    )


def _at(intake: Intake, written: str) -> int:
    """Give the instant of a refusal; one that cannot be read counts from now, never from never."""
    try:
        return micros(written)
    except RowRejected:
        return int(intake.at.timestamp() * 1_000_000)


def _weak(written: str) -> int | None:
    """Give the instant of a grant; one that cannot be read is undated and weak."""
    try:
        return micros(written) if written else None
    except RowRejected:
        return None


IMPORTER = Importer(
    id="klaviyo-profiles",
    title={"en": "Klaviyo profiles", "zh": "Klaviyo 客户档案"},
    description={
        "en": "Klaviyo's profiles with consent and suppression per channel; JSON:API pages or CSV export.",
        "zh": "Klaviyo 客户档案，含各渠道许可与抑制；JSON:API 页面或 CSV 导出。",
    },
    read=read,
)
