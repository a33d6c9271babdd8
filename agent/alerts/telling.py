"""Telling: each alert is handed to the mail sender and the alert webhook that are set up, at least once.

A reason that a person wrote may name a customer: addresses, numbers and known names are replaced before it leaves.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agent.chat.identifiers import OUR_WORDS, hide
from memory.domain.market import Channel
from memory.domain.message import Accepted, Refused, Rendered
from memory.domain.switch import EVERYWHERE, Alert

if TYPE_CHECKING:
    from agent.assembly import App


def tell(app: "App") -> int:
    """Hand off alerts nobody was told of and give how many were told; what fails for now is tried in the next round.

    With neither an address nor a webhook set they stay in the list that pages and commands show.
    """
    ways = app.alert_senders
    if not ways:
        return 0
    with app.store.read() as uow:
        waiting = uow.alerts.untold()
    n_told = 0
    for alert in waiting:
        words = _without_people(app, alert)
        answers = [sender.hand_off(_rendered(alert, words, to, channel, app)) for channel, to, sender in ways]
        if all(isinstance(one, Accepted) or (isinstance(one, Refused) and not one.is_retryable) for one in answers):
            with app.store.unit_of_work() as uow:
                uow.alerts.told(alert.id, app.clock.now())
            n_told += 1
    return n_told


def _without_people(app: "App", alert: Alert) -> str:
    with app.store.read() as uow:
        shops = [shop.shop_id for shop in uow.shops.all()] if alert.shop_id == EVERYWHERE else [alert.shop_id]

        def names(words: Iterable[str]) -> set[str]:
            asked = [word for word in words if word not in OUR_WORDS]
            return set().union(*(uow.chats.names_among(shop_id, asked) for shop_id in shops))

        return hide(alert.message, names)


def _rendered(alert: Alert, words: str, to: str, channel: Channel, app: "App") -> Rendered:
    return Rendered(
        send_key=alert.id,
        channel=channel,
        message_class="transactional",
        to=to,
        subject=f"Second Order: {alert.code.replace('_', ' ')} ({alert.shop_id})",
        text=f"{words}\n\n{alert.at.isoformat()}  {alert.subject}\n{app.settings.public_url}/ui\n",
        sender=app.settings.mail_from,
    )
