"""Many items from a CSV file: a row per item and language, each told what became of it; a dry run writes nothing."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import Any, Literal, NamedTuple

from agent.written import checked
from memory.domain.base import Count, Frozen
from memory.domain.content import ContentItem
from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.store.content_items import Change, change_of
from memory.store.unit_of_work import UnitOfWork

from .setting import refused

COLUMNS = (
    "id", "type", "language", "title", "text", "skus", "categories", "title_words", "audience", "min_tier", "ios",
    "android", "web",
)  # fmt: skip
"""Of the file; several articles, categories or words stand in one cell, apart by `|`."""
NEEDED = ("id", "type", "language", "title", "text")
OF_THE_ITEM = ("type", "skus", "categories", "title_words", "audience", "min_tier", "ios", "android", "web")
"""Columns that say the same in every row of an item, or nothing from its second row on."""
LISTS = ("skus", "categories", "title_words")
MAX_ROWS = 10_000


class Row(NamedTuple):
    """One row of the file."""

    number: int
    """Its line."""
    cells: dict[str, str]
    """What stands in it, trimmed."""


class ItemReport(Frozen):
    """What became of one row."""

    row: Count
    """Its line in the file, the header being 1."""
    id: str
    """The item it speaks of."""
    language: str
    """The language it is in."""
    outcome: Change | Literal["rejected"]
    """What setting the item did, or would do."""
    why: str = ""
    """Why it was rejected; empty where it was not."""


class LibraryReport(Frozen):
    """What became of a file."""

    is_dry_run: bool
    """Whether nothing was written."""
    n_added: Count
    """New items."""
    n_changed: Count
    """Items that were there and say something else now."""
    n_unchanged: Count
    """Items that were there like this."""
    n_rejected: Count
    """Items that were not taken."""
    rows: tuple[ItemReport, ...]
    """What became of every row, in order."""


def read_library(text: str) -> tuple[Row, ...]:
    """Read the rows of a CSV file; raise `InvalidInput` where it is none of this kind."""
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    named = tuple(rows.fieldnames or ())
    if missing := [name for name in NEEDED if name not in named]:
        raise _unusable(f"it has no column {', '.join(missing)}")
    if unknown := [name for name in named if name not in COLUMNS]:
        raise _unusable(f"nobody knows its column {', '.join(map(str, unknown))}")
    found: list[Row] = []
    for row in rows:
        if len(found) == MAX_ROWS:
            raise _unusable(f"it has more than {MAX_ROWS:,} rows")
        found.append(Row(rows.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}))
    return tuple(found)


def take_library(
    uow: UnitOfWork, shop: Shop, rows: Iterable[Row], app_scheme: str, by: str, at: datetime, *, is_dry_run: bool
) -> LibraryReport:
    """Set the items of these rows that nothing speaks against, and say of every row what became of it.

    An item with a wrong row is not taken at all; the others are. With `is_dry_run` nothing is written.
    """
    kept = {one.item.id: one for one in uow.content_items.all(shop.shop_id)}
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.cells["id"], []).append(row)
    told: list[ItemReport] = []
    ended: list[Change | Literal["rejected"]] = []
    for name, own in grouped.items():
        item = _item(own)
        why = item if isinstance(item, str) else "; ".join(refused(uow, shop, item, app_scheme, at))
        outcome: Change | Literal["rejected"] = "rejected"
        if isinstance(item, ContentItem) and not why:
            outcome = change_of(kept.get(name), item)
            if not is_dry_run:
                uow.content_items.put(shop.shop_id, item, by, at)
        ended.append(outcome)
        told += [
            ItemReport(row=row.number, id=name, language=row.cells["language"], outcome=outcome, why=why) for row in own
        ]
    return LibraryReport(
        is_dry_run=is_dry_run,
        n_added=ended.count("added"),
        n_changed=ended.count("changed"),
        n_unchanged=ended.count("unchanged"),
        n_rejected=ended.count("rejected"),
        rows=tuple(sorted(told, key=lambda one: one.row)),
    )


def _item(rows: list[Row]) -> ContentItem | str:
    """Make an item of its rows, or say why they make none."""
    first, words = rows[0].cells, {}
    for row in rows:
        cells = row.cells
        if cells["language"] in words:
            return f"line {row.number}: {cells['language'] or 'no language'} stands there twice"
        for name in OF_THE_ITEM:
            if cells[name] not in ("", first[name]):
                return f"line {row.number}: {name} is not what line {rows[0].number} says"
        words[cells["language"]] = {"title": cells["title"], "text": cells["text"]}
    raw: dict[str, Any] = {"id": first["id"], "type": first["type"], "words": words}
    raw |= {name: tuple(filter(None, (part.strip() for part in first[name].split("|")))) for name in LISTS}
    raw |= {name: first[name] for name in ("audience", "min_tier") if first[name]}
    raw["links"] = {name: first[name] for name in ("ios", "android", "web") if first[name]}
    try:
        return checked(ContentItem, raw, _unusable)
    except InvalidInput as error:
        return str(error.details["why"])


def _unusable(why: str) -> InvalidInput:
    columns = ", ".join(COLUMNS)
    return InvalidInput(what="the file of content items", why=why, remedy=f"It is a CSV with the columns {columns}.")
