"""On Mondays each shop's card is told once: by the ways that alerts are told, and by the shop's bots."""

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.chat.identifiers import hide
from memory.domain.market import Shop

from .card import MondayCard, card_of
from .words import CardLanguage, card_lines

if TYPE_CHECKING:
    from agent.assembly import App
    from memory.store.unit_of_work import UnitOfWork

FROM = time(8)
"""The local time from which the card is told."""
MONDAY = 0


def tell_monday(app: "App", shop_id: str) -> bool:
    """Raise the shop's card of today as an alert, once, from eight o'clock of its Monday on; say whether it was new.

    The alert's subject is the day, so that a worker that starts anew, or a second one, raises none beside it. In the
    same transaction a notice is planned for each bot, which says the card in its own language (`agent.alerts`).
    """
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        shop = uow.shops.get(shop_id)
        local = now.astimezone(ZoneInfo(shop.zone))
        subject = f"monday:{local:%Y-%m-%d}"
        if not _is_due(local) or uow.alerts.has(shop_id, "monday", subject):
            return False
        said = card_lines(card_to_tell(uow, shop_id, now), spoken_in(shop), shop.zone, app.settings.public_url)
        uow.alerts.add(shop_id, "monday", subject, "\n".join(said), now)
        for bot in uow.approval_rules.current(shop_id).bots:
            uow.approval_notices.plan(notice_subject(shop_id, local), shop_id, "monday", f"bot:{bot.name}", now)
    return True


def card_to_tell(uow: "UnitOfWork", shop_id: str, now: datetime) -> MondayCard:
    """Make the card as it leaves: what a person wrote (a plan's title) without customers' contacts."""
    card = card_of(uow, shop_id, now)
    freed = tuple(
        one.model_copy(update={"title": hide(one.title, lambda names: uow.chats.names_among(shop_id, names))})
        for one in card.decisions
    )
    return card.model_copy(update={"decisions": freed})


def notice_subject(shop_id: str, local: datetime) -> str:
    """Name the card of a shop's day, so that each bot is told of it once."""
    return f"monday:{shop_id}:{local:%Y-%m-%d}"


def spoken_in(shop: Shop) -> CardLanguage:
    """Give the language of a card that goes to an address nobody named a language for: Chinese at home in China."""
    return "zh" if shop.home_market == "CN" else "en"


def _is_due(local: datetime) -> bool:
    return local.weekday() == MONDAY and local.time() >= FROM
