"""The second opt-in: a transactional message asks, a click on the page that follows confirms.

The request is a receipt-like message to the address itself, outside of plans and caps; one per person, channel and day.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import formataddr

from memory.domain.canonical import content_hash
from memory.domain.consent import ConsentEvent
from memory.domain.market import Channel
from memory.domain.message import Accepted, Rendered
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender
from tools.links.preferences import OwnPage, confirmable_until

ASK_AGAIN_AFTER = timedelta(days=1)


def ask_to_confirm(
    store: Store, channels: Mapping[Channel, Sender], page: OwnPage, url: str, words: Mapping[str, str], now: datetime
) -> bool:
    """Hand off the request to confirm; false where it was asked within a day, or the channel does not take it."""
    with store.read() as uow:
        shop = uow.shops.get(page.shop_id)
        person = uow.identities.person_of(page.person_id)
        contact = uow.contacts.by_person(page.shop_id, [person]).get(person)
        pending = [
            event
            for event in uow.consents.ledger(page.shop_id, person)
            if event.status == "pending" and event.channel == page.channel and event.at < now
        ]
    to = contact.address(page.channel) if contact else ""
    sender = channels.get(page.channel)
    if sender is None or not to or (pending and now - pending[-1].at < ASK_AGAIN_AFTER):
        return False
    subject = words["mail_subject"].format(shop=shop.name)
    message = Rendered(
        send_key=content_hash(["confirm", page.shop_id, person, page.channel, now.isoformat()]),
        channel=page.channel,
        message_class="transactional",
        to=to,
        subject=subject,
        text=words["mail_text"].format(shop=shop.name, url=url),
        sender=formataddr((shop.name, shop.sender_email)),
    )
    return isinstance(sender.hand_off(message), Accepted)


def confirm(uow: UnitOfWork, page: OwnPage, now: datetime) -> bool:
    """Grant what was asked for and is pending; false where nothing is, or the request has expired.

    The wording of the request is the wording of the permission. Confirming again changes nothing.
    """
    person = uow.identities.person_of(page.person_id)
    own = [event for event in uow.consents.ledger(page.shop_id, person) if event.channel == page.channel]
    if own and own[-1].status == "granted" and own[-1].method == "double_opt_in":
        return True
    if not own or own[-1].status != "pending" or now > confirmable_until(page):
        return False
    asked = own[-1]
    event = ConsentEvent(
        channel=page.channel,
        status="granted",
        at=now,
        method="double_opt_in",
        source=f"{asked.source}, confirmed",
        wording_id=asked.wording_id,
        wording=asked.wording,
    )
    uow.consents.grant(page.shop_id, person, event)
    return True
