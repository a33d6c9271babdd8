"""What a person wrote may name a customer: addresses, numbers and known names are replaced before an alert holds it."""

from agent.chat.identifiers import hide
from memory.domain.switch import EVERYWHERE
from memory.store.unit_of_work import UnitOfWork


def without_people(uow: UnitOfWork, scope: str, words: str) -> str:
    """Give a person's words without the contacts of a shop, or of every shop (`*`)."""
    shops = [shop.shop_id for shop in uow.shops.all()] if scope == EVERYWHERE else [scope]
    return hide(words, lambda names: {found for shop_id in shops for found in uow.chats.names_among(shop_id, names)})
