"""What a mail about an order says: lines from the order's own facts, a link, and the reader's language.

Estimates come from the shop's earlier shipments and say that they are estimates. There is nothing in such a mail that
advertises: no offer, no goods, no campaign marks on its link.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from agent.dispatch.words import has_taboo, list_of, may_link, sender_of
from memory.domain.base import Frozen
from memory.domain.consent import Contact
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market, Shop
from memory.domain.message import MessageClass, Rendered
from memory.domain.order_mail import OrderMailSettings
from memory.domain.outcome import Blocked
from memory.store.instants import from_micros
from memory.store.order_mail import OrderMailRow
from tools.copywriting import Copy, CopyFacts, languages_of, render
from tools.copywriting.facts import clean
from tools.copywriting.templates import load_order_words
from tools.links.hosts import is_on
from tools.parcels import Expectations

from .facts import OrderNow

DELAY = "parcel_delay"
LEAST_AHEAD = timedelta(days=2)
"""A parcel that is late is expected so long from now at the earliest."""


class WaysOut(NamedTuple):
    """Where a person leaves, and where they choose."""

    unsubscribe_url: str
    preferences_url: str


class Said(Frozen):
    """What one mail says, fixed at its first claim."""

    language: str
    """In which language."""
    content: str
    """The lines about the order."""
    url: str
    """Where the button leads."""


def language_of(kind: str, wanted: Iterable[str], guardrails: Guardrails) -> str:
    """Give the first wanted language that has words and is allowed; empty where none is."""
    written = languages_of(kind)
    return next((one for one in wanted if one in written and one in guardrails.languages), "")


def said_of(
    row: OrderMailRow,
    order: OrderNow,
    language: str,
    zone: str,
    expected: Expectations,
    settings: OrderMailSettings,
    now: datetime,
) -> Said:
    """Give what a mail says of its order in a language that has words."""
    words = load_order_words(language)
    assert words is not None
    tokens = {"order": clean(order.order_ref), "carrier": clean(row.carrier), "number": clean(row.tracking_number)}
    if row.kind == DELAY:
        law = expected.arrival(order.market, row.carrier.lower(), order.origin)
        latest = max(from_micros(row.event_at) + timedelta(days=law.p99_days), now + LEAST_AHEAD)
        lines = [(words.late, {"until": _day(latest, 0, zone, language)})]
    elif row.kind == "order_confirmation":
        days = expected.handling_days(order.market, settings.handling_days)
        lines = [(words.ships_by, {"until": _day(order.ordered_at, days, zone, language)})]
    else:
        law = expected.arrival(order.market, row.carrier.lower(), order.origin)
        begun = from_micros(row.event_at)
        between = {
            "from": _day(begun, law.p50_days, zone, language),
            "until": _day(begun, law.p90_days, zone, language),
        }
        lines = [(_parcel_line(words, row), {}), (words.arrives, between)]
    content = "\n".join(line.format(**tokens, **more) for line, more in lines)
    return Said(language=language, content=content, url=row.tracking_url)


def _parcel_line(words: Any, row: OrderMailRow) -> str:
    if row.carrier:
        return str(words.parcel if row.tracking_number else words.parcel_no_number)
    return str(words.parcel_no_carrier if row.tracking_number else words.parcel_alone)


def _day(begun: datetime, days: float, zone: str, language: str) -> str:
    from babel.dates import format_date

    day: date = (begun + timedelta(days=days)).astimezone(ZoneInfo(zone)).date()
    return str(format_date(day, "long", locale=language))


def compose(
    row: OrderMailRow,
    said: Said,
    contact: Contact | None,
    shop: Shop,
    guardrails: Guardrails,
    settings: OrderMailSettings,
    market: Market | None,
    ways_out: WaysOut,
) -> Rendered | str:
    """Give the mail, or the reason why there is none.

    Reasons: no_address, no_language, no_postal_address, link_domain, taboo_word. A delay shows ways out, receipts none.
    """
    to = contact.address("email") if contact else ""
    words = load_order_words(said.language)
    if not to:
        return "no_address"
    if words is None:
        return "no_language"
    url = _target(said.url, shop, guardrails, settings)
    if url != said.url and not may_link(url, guardrails, shop):
        return "link_domain"
    is_receipt = row.kind != DELAY
    if not is_receipt and not shop.postal_address.strip():
        return "no_postal_address"
    ways = WaysOut("", "") if is_receipt else ways_out
    facts = CopyFacts(
        shop=shop.name,
        first_name=contact.first_name if contact else "",
        url=url,
        postal_address=shop.postal_address,
        content=said.content,
        unsubscribe_url=ways.unsubscribe_url,
        preferences_url=ways.preferences_url,
        receipt_why=words.why_you.replace("{shop}", clean(shop.name)) if is_receipt else "",
    )
    copy = render(row.kind, said.language, facts)  # the first subject line: which one an order gets is no experiment
    if isinstance(copy, Blocked):
        return copy.code
    if market and has_taboo(market, copy.subject, copy.text):
        return "taboo_word"
    return _rendered(row, to, copy, url, said.language, shop, ways.unsubscribe_url)


def _target(url: str, shop: Shop, guardrails: Guardrails, settings: OrderMailSettings) -> str:
    """Give where the button leads: to the carrier's page where its host is allowed, else to the shop."""
    is_known = is_on(url, settings.tracking_hosts)
    if urlsplit(url).scheme == "https" and (is_known or may_link(url, guardrails, shop)):
        return url
    return f"{shop.website.rstrip('/')}/"


def _rendered(row: OrderMailRow, to: str, copy: Copy, url: str, language: str, shop: Shop, leave: str) -> Rendered:
    message_class: MessageClass = "service" if row.kind == DELAY else "transactional"
    return Rendered(
        send_key=row.send_key,
        shop_id=row.shop_id,
        channel="email",
        message_class=message_class,
        to=to,
        subject=copy.subject,
        text=copy.text,
        html=copy.html,
        sender=sender_of(shop),
        language=language,
        unsubscribe_url=leave,
        list_id=list_of(shop, message_class) if leave else "",
        link=url,
    )


def read_said(text: str) -> Said:
    """Read what a claim fixed."""
    return Said.model_validate(json.loads(text))
