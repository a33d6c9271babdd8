"""From a claimed message to what the channel takes: address, words, links, headers; or the reason why not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any
from urllib.parse import urlencode, urlsplit

from memory.domain.consent import Contact
from memory.domain.guardrails import Guardrails
from memory.domain.market import Market, Shop
from memory.domain.message import MessageClass, Rendered
from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan
from tools.copywriting import Copy, CopyFacts, GoodsWords, OfferWords, render, words_name
from tools.copywriting.content import content_words
from tools.copywriting.facts import clean
from tools.copywriting.offers import UnknownOfferToken, coded, offer_words
from tools.copywriting.tone import refused_tone
from tools.links.hosts import is_on
from tools.links.preferences import preferences_url
from tools.links.unsubscribe import unsubscribe_url

from .goods import Shown
from .library import Told, told


@dataclass(frozen=True)
class Sheet:
    """What all messages of a dispatch share."""

    shop: Shop
    """Who writes."""
    key: bytes
    """Keys unsubscribe links."""
    public_url: str
    """Where the unsubscribe endpoint stands."""
    channels: frozenset[str] = frozenset()
    """Where the installation sends."""
    offers: dict[tuple[str, str, str], OfferWords | str | None] = field(default_factory=dict)
    """Offers in words by (plan id, offer id, language): a plan's content never changes under its id."""


def compose(
    row: Any,
    contact: Contact | None,
    plan: Plan,
    guardrails: Guardrails,
    market: Market | None,
    sheet: Sheet,
    shown: Shown,
    *,
    is_at_risk: bool = False,
    code: str = "",
) -> Rendered | str:
    """Give the message, with the person's own `code` where its offer gives one, or the reason why there is none.

    Reasons: no_address, no_language, no_postal_address, link_domain, unknown_offer, no_code, taboo_word, hard_sell,
    unknown_tone, template, no_content, app_only.
    """
    said = told(row, plan)
    if isinstance(said, str):
        return said
    to = contact.address(row.channel) if contact else ""
    links = _links(said, shown, row, guardrails, sheet.shop)
    if refused := _refused(row, to, links, guardrails, sheet.shop):
        return refused
    offer = _said(row, plan, sheet, code)
    if isinstance(offer, str):
        return offer
    facts = _facts(row, contact, sheet, offer, links[0]).model_copy(
        update={
            "is_at_risk": is_at_risk,
            "goods": _named(shown.items, row, guardrails, sheet.shop),
            "content": said.text if said else _of_library(row, shown, has_offer=offer is not None),
            "content_title": said.title if said else "",
        }
    )
    name = words_name(row.template, row.message_kind)
    copy = render(name, row.language, facts, row.channel, row.subject_no)
    if isinstance(copy, Blocked):
        return copy.code
    if market and has_taboo(market, copy.subject, copy.text.replace(code, " ") if code else copy.text):
        return "taboo_word"
    own = (_own_words(text, facts) for text in (copy.subject, copy.text))
    if refused := refused_tone(row.message_kind, row.language, *own):
        return refused
    return _rendered(row, to, copy, facts.unsubscribe_url, links, sheet.shop)


def _facts(row: Any, contact: Contact | None, sheet: Sheet, offer: OfferWords | None, url: str) -> CopyFacts:
    """Give what the message is filled with, but for its articles and content."""
    is_receipt = row.message_class == "transactional"
    return CopyFacts(
        shop=sheet.shop.name,
        first_name=contact.first_name if contact else "",
        url=url,
        unsubscribe_url="" if is_receipt else _leave(sheet, row),
        preferences_url="" if is_receipt else _choose(sheet, row),
        postal_address=sheet.shop.postal_address,
        offer=offer,
    )


def _links(said: Told | None, shown: Shown, row: Any, guardrails: Guardrails, shop: Shop) -> tuple[str, str, str]:
    """Give where the message leads, and where else on iPhones and on Android; empty where nowhere else."""
    if said is None:
        return _marked(_target(shown, guardrails, shop), row), "", ""
    return _marked(said.link, row), _marked(said.ios, row), _marked(said.android, row)


def _of_library(row: Any, shown: Shown, *, has_offer: bool) -> str:
    """Give what the library says of the articles the message shows; empty where it says nothing."""
    return content_words(row.message_kind, row.language, shown.titles, has_offer=has_offer)


SAMPLE_CODE = "SO-SAMPLE"
"""What stands for a person's code where nobody is written to."""


def sample_code(row: Any, plan: Plan) -> str:
    """Give a code to show in a preview of a message that will carry one; none for others."""
    return SAMPLE_CODE if needs_code(row, plan) else ""


def needs_code(row: Any, plan: Plan) -> Offer | None:
    """Give the offer of a message that is to carry a person's own code, or none."""
    offer = plan.offer(row.offer_id) if row.offer_id else None
    return offer if offer is not None and offer.gives_code else None


def _target(shown: Shown, guardrails: Guardrails, shop: Shop) -> str:
    """Give where the message leads: to what it shows, to the front page where that may not be linked."""
    if shown.is_link_needed or may_link(shown.link, guardrails, shop):
        return shown.link
    return f"{shop.website.rstrip('/')}/"


def _own_words(text: str, facts: CopyFacts) -> str:
    """Give a text without names, links and the address: what somebody or something is called presses nobody."""
    links = (facts.url, facts.unsubscribe_url, facts.preferences_url, *(one.url for one in facts.goods))
    titles = (clean(one.title) for one in facts.goods)
    code = facts.offer.code if facts.offer else ""
    named = {*links, *titles, facts.postal_address, facts.shop, facts.first_name, code} - {""}
    for name in sorted(named, key=len, reverse=True):  # a name within a link goes with the link
        text = text.replace(name, " ")
    return text


def _refused(row: Any, to: str, links: tuple[str, str, str], guardrails: Guardrails, shop: Shop) -> str:
    """Why there is no message before a word is written, or nothing."""
    if not to:
        return "no_address"
    if row.language not in guardrails.languages:
        return "no_language"
    is_marketing_mail = row.message_class != "transactional" and row.channel == "email"
    if is_marketing_mail and not shop.postal_address.strip():
        return "no_postal_address"  # CAN-SPAM and others want it in every marketing mail
    led = [link for link in links if link and not _is_of_the_app(link)]
    return "" if all(may_link(link, guardrails, shop) for link in led) else "link_domain"


def _is_of_the_app(link: str) -> bool:
    """Whether a link has a scheme of the app's own; which one that may be was held against the settings."""
    return urlsplit(link).scheme not in ("http", "https", "")


def _rendered(row: Any, to: str, copy: Copy, leave: str, links: tuple[str, str, str], shop: Shop) -> Rendered:
    return Rendered(
        send_key=row.send_key,
        shop_id=row.shop_id,
        channel=row.channel,
        message_class=row.message_class,
        to=to,
        subject=copy.subject,
        text=copy.text,
        html=copy.html,
        sender=sender_of(shop),
        language=row.language,
        unsubscribe_url=leave,
        list_id=list_of(shop, row.message_class) if leave else "",
        link=links[0],
        link_ios=links[1],
        link_android=links[2],
    )


def _named(items: Iterable[tuple[str, str]], row: Any, guardrails: Guardrails, shop: Shop) -> tuple[GoodsWords, ...]:
    """The goods with a title people can read and a page that may be linked."""
    return tuple(
        GoodsWords(title=title, url=_marked(address, row))
        for title, address in items
        if clean(title) and may_link(address, guardrails, shop)
    )


def _said(row: Any, plan: Plan, sheet: Sheet, code: str) -> OfferWords | str | None:
    """Give a message's offer in words, with the person's code where it gives one, or why it cannot be said."""
    named = (row.plan_id, row.offer_id, row.language)
    if named not in sheet.offers:
        sheet.offers[named] = _offer(row, plan)
    offer = sheet.offers[named]
    if not isinstance(offer, OfferWords):
        return offer
    if needs_code(row, plan) and not code:
        return "no_code"
    return coded(offer, code, row.language) if code else offer


def _offer(row: Any, plan: Plan) -> OfferWords | str | None:
    if not row.offer_id:
        return None
    offer = plan.offer(row.offer_id)
    if offer is None:
        return "unknown_offer"
    try:
        return offer_words(offer, row.language) or "no_language"
    except UnknownOfferToken:
        return "template"


def _marked(url: str, row: Any) -> str:
    """The address with campaign marks that name no person; what it asks for stays, and so does an app's link."""
    if not url or _is_of_the_app(url):
        return url
    marks = {"utm_source": "second-order", "utm_campaign": row.plan_id[:12], "utm_content": row.step_id}
    parts = urlsplit(url)
    return parts._replace(query="&".join(filter(None, (parts.query, urlencode(marks))))).geturl()


def _leave(sheet: Sheet, row: Any) -> str:
    return unsubscribe_url(sheet.public_url, sheet.key, row.shop_id, row.person_id, row.channel, row.send_key)


def _choose(sheet: Sheet, row: Any) -> str:
    return preferences_url(sheet.public_url, sheet.key, row.shop_id, row.person_id, row.channel, row.send_key)


def may_link(url: str, guardrails: Guardrails, shop: Shop) -> bool:
    """Say whether a message may lead there: the guardrails' domains, or the shop's own where they name none."""
    allowed = guardrails.link_domains or (urlsplit(shop.website).hostname or "",)
    return urlsplit(url).scheme in ("http", "https") and is_on(url, allowed)


def has_taboo(market: Market, *texts: str) -> bool:
    """Say whether texts hold a word that the market avoids."""
    words = " ".join(texts).casefold()
    return any(word.casefold() in words for word in market.taboo_words)


def sender_of(shop: Shop) -> str:
    """Give who a mail says it is from."""
    return formataddr((shop.name, shop.sender_email))


def list_of(shop: Shop, message_class: MessageClass) -> str:
    """Give the list that a mail one may leave belongs to (RFC 2919)."""
    return f"<{message_class}.{shop.shop_id}.{shop.sender_email.rpartition('@')[2] or 'localhost'}>"
