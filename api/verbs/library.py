"""The content library: set, take a file, list, end."""

from typing import TYPE_CHECKING

from memory.domain.content import ContentItem, KeptContent

from .acting import Acting

if TYPE_CHECKING:
    from agent.content import LibraryReport


def read(text: str) -> ContentItem:
    """Read an item from YAML or JSON; raises `InvalidInput` that names every wrong field."""
    from agent.content import read_item

    return read_item(text)


def put(acting: Acting, wanted: ContentItem) -> KeptContent:
    """Set an item, or change the one of its name; for people only: its words and links go to customers. Logged."""
    from agent.content import set_item

    acting.require_person("guardrail")
    now, by, scheme = acting.app.clock.now(), acting.principal.id, acting.app.settings.app_scheme
    detail = {"type": wanted.type, "languages": sorted(wanted.words)}
    with acting.write("content.set", f"content:{wanted.id}", shop_id=acting.shop_id, **detail) as uow:
        set_item(uow, uow.shops.get(acting.shop_id), wanted, scheme, by, now)
        return next(one for one in uow.content_items.all(acting.shop_id) if one.item.id == wanted.id)


def take(acting: Acting, text: str, *, is_dry_run: bool = False) -> "LibraryReport":
    """Take items from a CSV file, row by row; for people only. A dry run writes nothing; otherwise logged."""
    from agent.content import read_library, take_library

    acting.require_person("guardrail")
    rows = read_library(text)
    now, by, scheme = acting.app.clock.now(), acting.principal.id, acting.app.settings.app_scheme
    with acting.write() as uow:
        shop = uow.shops.get(acting.shop_id)
        report = take_library(uow, shop, rows, scheme, by, now, is_dry_run=is_dry_run)
        if not is_dry_run:
            detail = report.model_dump(mode="json", include={"n_added", "n_changed", "n_unchanged", "n_rejected"})
            uow.audit.append(by, "content.import", f"shop:{acting.shop_id}", now, {**detail, "shop_id": acting.shop_id})
        return report


def items(acting: Acting) -> tuple[KeptContent, ...]:
    """Give every item of the shop, also those that ended, by name."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.content_items.all(acting.shop_id)


def end(acting: Acting, item_id: str) -> KeptContent:
    """Let no message carry an item any more, also of plans that name it. Logged."""
    acting.require_person("guardrail")
    with acting.write("content.end", f"content:{item_id}", shop_id=acting.shop_id) as uow:
        return uow.content_items.end(acting.shop_id, item_id, acting.app.clock.now())
