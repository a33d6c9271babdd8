"""Exclusion lists for other tools: contact data, so that only who may see it gets one, and each is noted."""

from typing import Literal
from zoneinfo import ZoneInfo

from memory.domain.base import Count, Frozen
from tools.exclusions import FORMATS, ListFormat, exclusion_csv

from .acting import Acting

Which = Literal["holdout", "suppressed", "all"]
WHICH: tuple[Which, ...] = ("holdout", "suppressed", "all")


__all__ = ["FORMATS", "WHICH", "ExclusionList", "Which", "exclusions"]


class ExclusionList(Frozen):
    """One list."""

    format: ListFormat
    """Which tool it is for."""
    which: Which
    """Withheld people, suppressed addresses, or both."""
    n_rows: Count
    """How many lines it has."""
    content: str
    """The CSV."""


def exclusions(acting: Acting, format_: ListFormat, which: Which = "all") -> ExclusionList:
    """Give the people another tool must leave out, as a CSV it reads; the audit log keeps who took it and how many."""
    acting.require("contact")
    today = acting.app.clock.now().astimezone(ZoneInfo(acting.shop().zone)).date()
    with acting.app.store.read() as uow:
        found: set[tuple[str, str]] = set()
        if which in ("holdout", "all"):
            found |= uow.exclusions.withheld(acting.shop_id, today)
        if which in ("suppressed", "all"):
            found |= uow.exclusions.suppressed(acting.shop_id)
    content = exclusion_csv(found, format_).decode()
    n_rows = content.count("\n") - 1
    acting.log("exclusions.export", f"shop:{acting.shop_id}", format=format_, which=which, n_rows=n_rows)
    return ExclusionList(format=format_, which=which, n_rows=n_rows, content=content)
