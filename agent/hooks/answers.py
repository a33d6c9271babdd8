"""Answers by text message: a stop holds at once and whoever it is from; starting again takes the keyword."""

from datetime import datetime

from agent.dispatch.addresses import stop_address
from memory.domain.consent import ConsentEvent
from memory.domain.errors import NotFound
from memory.domain.market import Shop
from memory.store.unit_of_work import UnitOfWork
from tools.identity.keys import address_key
from tools.identity.normalise import normalise_phone
from tools.keywords import Answer
from tools.keywords.replies import reply
from tools.markets import load_markets


def answered(
    uow: UnitOfWork, key: bytes, shop: Shop, event_id: str, number: str, answer: Answer, now: datetime,
    *, replies: bool = True,
) -> str:  # fmt: skip
    """Take an answer and give the text that replies to it; empty where nothing has to be said, or was said already.

    The text of the answer itself is not kept. `replies` is false where the provider has answered by itself.
    """
    plain = normalise_phone(number, shop.home_market)
    is_new = uow.deliveries.note(
        shop.shop_id, "twilio", event_id, send_key="", channel="sms", kind=answer, detail="", at=now, arrived_at=now
    )
    if plain is None:
        return ""
    address = address_key(key, plain)
    subjects = uow.contacts.subjects_with(shop.shop_id, [address])
    people = sorted(set(uow.identities.people_of(subjects).values()))
    if answer == "stop":
        is_first = not uow.consents.is_suppressed(shop.shop_id, "sms", address)
        for person in people:
            uow.consents.revoke(shop.shop_id, person, "sms", now, "keyword", "text message")
        stop_address(uow, shop.shop_id, "sms", address, "unsubscribed", "text message", now)
        is_told = not is_first
    elif answer == "start":
        is_told = not _start(uow, shop.shop_id, address, people, now)
    else:
        is_told = answer == "other"
    if is_told or not is_new or not replies or answer == "other":
        return ""
    return reply(answer, _language(uow, shop, people), shop)


def _start(uow: UnitOfWork, shop_id: str, address: str, people: list[str], now: datetime) -> bool:
    """Take back a stop by text message or link; a bounce or complaint stays. Give whether messages flow again."""
    if not uow.consents.lift(shop_id, "sms", address) and uow.consents.is_suppressed(shop_id, "sms", address):
        return False
    for person in people:
        granted = ConsentEvent(channel="sms", status="granted", at=now, method="keyword", source="text message")
        uow.consents.add_events(shop_id, [(person, granted)])
        subjects = sorted(uow.identities.subjects_of([person])[person])
        rows = uow.consents.suppressed_subjects(shop_id, subjects).to_pylist()
        still = any(row["channel"] == "sms" for row in rows)
        uow.person_state.set_consent(shop_id, person, "sms", True, is_suppressed=still)
    return True


def _language(uow: UnitOfWork, shop: Shop, people: list[str]) -> str:
    rows = uow.person_state.get(shop.shop_id, people).to_pylist()
    known = next((row["language"] for row in rows if row["language"]), "")
    return known or _home_language(shop)


def _home_language(shop: Shop) -> str:
    """Give the language of the shop's own market: what a stranger most likely reads."""
    try:
        return load_markets().get(shop.home_market).language
    except NotFound:
        return "en"
