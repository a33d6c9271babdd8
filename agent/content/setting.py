"""Setting a content item: it sells nothing, opens where the shop may send people, and its tier exists (S1-38)."""

from datetime import datetime
from urllib.parse import urlsplit

from agent.loyalty.programme import programme_in_force
from agent.written import checked, fields_of
from memory.domain.content import ContentItem
from memory.domain.errors import InvalidInput
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.store.content_items import Change
from memory.store.unit_of_work import UnitOfWork
from tools.copywriting.promotion import can_be_checked, promotional
from tools.links.hosts import is_on


def read_item(text: str) -> ContentItem:
    """Read an item from YAML or JSON; raise `InvalidInput` that names every wrong field."""
    return checked(ContentItem, fields_of(text, _unusable), _unusable)


def set_item(uow: UnitOfWork, shop: Shop, item: ContentItem, app_scheme: str, by: str, at: datetime) -> Change:
    """Set an item, or change the one of its name; raise `InvalidInput` with every reason against it.

    `app_scheme` is the app's own scheme, or nothing where links of the app are https addresses.
    """
    if why := refused(uow, shop, item, app_scheme, at):
        raise InvalidInput(
            what=f"content item {item.id}",
            why="; ".join(why),
            remedy="Correct it and set it again; see docs/content.md.",
        )
    return uow.content_items.put(shop.shop_id, item, by, at)


def refused(uow: UnitOfWork, shop: Shop, item: ContentItem, app_scheme: str, at: datetime) -> tuple[str, ...]:
    """Give every reason against an item in words; none where it may be set."""
    rails = uow.guardrails.current(shop.shop_id) if uow.guardrails.current_version(shop.shop_id) else None
    return (*_selling(item), *_leading(item, rails, shop, app_scheme), *_tier(uow, shop, item, at))


def _selling(item: ContentItem) -> list[str]:
    found = []
    for language, words in sorted(item.words.items()):
        if not can_be_checked(language):
            found.append(f"nobody can check here that words in {language!r} sell nothing; leave them out")
        elif selling := promotional(language, words.title, words.text):
            named = ", ".join(f'"{one}"' for one in selling)
            found.append(f"its {language} words sell ({named}), and an item of the library is non_promotional")
    return found


def _leading(item: ContentItem, rails: Guardrails | None, shop: Shop, app_scheme: str) -> list[str]:
    """Give what is wrong with its links: foreign hosts, and schemes that are not the app's."""
    allowed = (rails.link_domains if rails else ()) or (urlsplit(shop.website).hostname or "",)
    found = []
    for platform, link in (("ios", item.links.ios), ("android", item.links.android), ("web", item.links.web)):
        parts = urlsplit(link or "")
        if not link:
            continue
        if parts.scheme != "https":
            if parts.scheme != app_scheme:
                own = f"{app_scheme}://" if app_scheme else "set by SECONDORDER_APP_SCHEME, and none is"
                found.append(f"{platform} opens {parts.scheme}://, and the app's own scheme is {own}")
        elif not is_on(link, allowed):
            found.append(f"{platform} leads to {parts.hostname}, and messages may link to {', '.join(allowed)}")
    return found


def _tier(uow: UnitOfWork, shop: Shop, item: ContentItem, at: datetime) -> list[str]:
    if item.min_tier is None:
        return []
    programme, _ = programme_in_force(uow, shop, at)
    names = [tier.id for tier in programme.tiers]
    return [] if item.min_tier in names else [f"the loyalty programme in force has no tier {item.min_tier}"]


def _unusable(why: str) -> InvalidInput:
    remedy = "It states id, type, words per language and links; see docs/content.md."
    return InvalidInput(what="the content item", why=why, remedy=remedy)
