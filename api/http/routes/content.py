"""The content library: set, take a file, list, end."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import Field

from agent.content import LibraryReport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import library as verbs
from memory.domain.base import Frozen
from memory.domain.content import ContentItem, KeptContent

router = APIRouter(prefix="/api/content", tags=["content"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Limiting = Annotated[Acting, Depends(needs("guardrail"))]
ItemId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="The item.")]


class LibraryFile(Frozen):
    """A file of items."""

    text: Annotated[str, Field(min_length=1, max_length=2_000_000)]
    """The CSV file, a row per item and language."""


@router.get("")
def items(acting: Reading) -> list[KeptContent]:
    """List every item of the shop's content library, also those that ended."""
    return list(verbs.items(acting))


@router.put("")
def set_item(acting: Limiting, item: Annotated[ContentItem, Body()]) -> KeptContent:
    """Set an item, or change the one of its name; words that sell are refused."""
    return verbs.put(acting, item)


@router.post("/import")
def take(
    acting: Limiting,
    body: Annotated[LibraryFile, Body()],
    dry_run: Annotated[bool, Query(description="Say what would become of each row; write nothing.")] = False,
) -> LibraryReport:
    """Take items from a CSV file and say of every row what became of it."""
    return verbs.take(acting, body.text, is_dry_run=dry_run)


@router.post("/{item_id}/end")
def end(acting: Limiting, item_id: ItemId) -> KeptContent:
    """Let no message carry an item any more, also of plans that name it."""
    return verbs.end(acting, item_id)
