"""The page of parcels: how long each lane takes, and which parcels are probably lost."""

from collections.abc import Callable
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page
from api.ui.shell.parted import open_part, parted, put
from api.ui.shell.parts import fill
from api.ui.shell.visitor import Visitor
from api.verbs import parcels

from .lanes_view import render_lanes
from .lost_view import render_lost

PARTS = ("lanes", "lost")
"""The parts of the page; the first is open where none is named."""


def register(app: App) -> None:
    """Add the page; `?part=lanes|lost` opens a part."""
    add_page(app, "/parcels", "read", lambda visitor: build(visitor))


def build(visitor: Visitor) -> None:
    """Make the page: both parts are worked out over all facts, and follow behind it."""
    words, shop, part = visitor.words, visitor.acting().shop(), open_part(PARTS)
    with parted(visitor, "parcels", PARTS, part):
        read: Callable[[Any], Any]
        if part == "lanes":
            read = lambda acting: acting.lately("parcel_lanes", parcels.lanes)  # noqa: E731
            fill(visitor, read, lambda found: put(render_lanes(found, words)))
        else:
            read = lambda acting: acting.lately("parcels_lost", parcels.lost)  # noqa: E731
            fill(visitor, read, lambda found: put(render_lost(found, parcels.MOST, words, shop.zone)))
