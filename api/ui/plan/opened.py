"""One open plan: what its parts share, and the addresses of their states."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal
from urllib.parse import urlencode

from api.ui.shell.visitor import Visitor
from api.ui.shell.words import Words
from memory.domain.plan import Plan
from memory.store.plans import StoredPlan

Part = Literal["journeys", "calendar", "messages", "offers", "money", "checks", "forecast", "edit"]
PARTS: tuple[Part, ...] = ("journeys", "calendar", "messages", "offers", "money", "checks", "forecast", "edit")


@dataclass(frozen=True)
class Opened:
    """A plan on an open page."""

    visitor: Visitor
    """Who looks."""
    stored: StoredPlan
    """The plan and where it stands."""
    query: Mapping[str, str]
    """What the address asks for beyond the plan."""

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.stored.plan

    @property
    def words(self) -> Words:
        """The words of the reader's language."""
        return self.visitor.words

    def address(self, part: Part, **state: str) -> str:
        """Give the address of a part of the plan in some state; empty values are left out."""
        asked = {"part": part, **{name: value for name, value in state.items() if value}}
        return f"/ui/plans/{self.plan.id}?{urlencode(asked)}"


def put(html: str) -> None:
    """Add HTML that is safe already to the page."""
    from nicegui import ui

    ui.html(html, sanitize=False)


def link(name: str, address: str) -> str:
    """Give a link that stands by itself."""
    return f'<a class="so-plan-link" href="{escape(address)}">{escape(name)}</a>'
