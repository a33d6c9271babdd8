"""On Mondays each shop's card is told once, by the ways that alerts are told."""

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .card import card_of
from .words import card_lines

if TYPE_CHECKING:
    from agent.assembly import App

FROM = time(8)
"""The local time from which the card is told."""
MONDAY = 0


def tell_monday(app: "App", shop_id: str) -> bool:
    """Raise the shop's card of today as an alert, once, from eight o'clock of its Monday on; say whether it was new.

    The alert's subject is the day, so that a worker that starts anew, or a second one, raises none beside it. The card
    is one language, English; its page is in the reader's.
    """
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        zone = uow.shops.get(shop_id).zone
        local = now.astimezone(ZoneInfo(zone))
        subject = f"monday:{local:%Y-%m-%d}"
        if not _is_due(local) or uow.alerts.has(shop_id, "monday", subject):
            return False
        card = card_of(uow, shop_id, now)
        uow.alerts.add(
            shop_id, "monday", subject, "\n".join(card_lines(card, "en", zone, app.settings.public_url)), now
        )
    return True


def _is_due(local: datetime) -> bool:
    return local.weekday() == MONDAY and local.time() >= FROM
