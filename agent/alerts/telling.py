"""Telling: each alert is handed to the mail sender and the alert webhook that are set up, at least once.

What a person wrote was freed of customers where it entered the alert (`agent.alerts.people`); the rest is ours.
"""

from typing import TYPE_CHECKING

from memory.domain.market import Channel
from memory.domain.message import Accepted, Refused, Rendered
from memory.domain.switch import Alert

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
        answers = [sender.hand_off(_rendered(alert, to, channel, app)) for channel, to, sender in ways]
        if all(isinstance(one, Accepted) or (isinstance(one, Refused) and not one.is_retryable) for one in answers):
            with app.store.unit_of_work() as uow:
                uow.alerts.told(alert.id, app.clock.now())
            n_told += 1
    return n_told


def _rendered(alert: Alert, to: str, channel: Channel, app: "App") -> Rendered:
    return Rendered(
        send_key=alert.id,
        channel=channel,
        message_class="transactional",
        to=to,
        subject=f"Second Order: {alert.code.replace('_', ' ')} ({alert.shop_id})",
        text=f"{alert.message}\n\n{alert.at.isoformat()}  {alert.subject}\n{app.settings.public_url}/ui\n",
        sender=app.settings.mail_from,
    )
