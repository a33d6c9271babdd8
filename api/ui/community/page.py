"""The page of community: groups per market, challenges and what waits, ambassadors, and what belonging changed."""

from collections.abc import Callable
from html import escape
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page
from api.ui.shell.parted import open_part, parted, put, section
from api.ui.shell.parts import fill
from api.ui.shell.visitor import Visitor
from api.verbs import community

from .ambassadors import AmbassadorsPart
from .challenges import ChallengesPart
from .groups import GroupsPart
from .report_view import render_report

PARTS = ("groups", "challenges", "ambassadors", "report")
"""The parts of the page; the first is open where none is named."""
LONGEST = 64


def register(app: App) -> None:
    """Add the page; `?part=groups|challenges|ambassadors|report`, and `challenge` and `state` for what waits."""
    add_page(app, "/community", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address names."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor, self._part = visitor, open_part(PARTS)
        self._asked = {name: asked.get(name, "")[:LONGEST] for name in ("challenge", "state")}

    def build(self) -> None:
        """Make the page: what the shop set is looked up first, figures over all facts follow."""
        with parted(self._visitor, "community", PARTS, self._part):
            if self._part == "groups":
                GroupsPart(self._visitor).build()
            elif self._part == "challenges":
                ChallengesPart(self._visitor, self._asked["challenge"], self._asked["state"]).build()
            elif self._part == "ambassadors":
                AmbassadorsPart(self._visitor).build()
            else:
                self._report()

    def _report(self) -> None:
        words, zone = self._visitor.words, self._visitor.acting().shop().zone
        groups: tuple[community.Group, ...] = ("community", "ambassadors")
        for group in groups:
            with section(f"report-{group}", escape(words("community", "report_of", group))):
                fill(self._visitor, _reader(group), lambda found: put(render_report(found, words, zone)))


def _reader(group: community.Group) -> Callable[[Any], Any]:
    return lambda acting: acting.lately("community_report", lambda one: community.report(one, group), group)
