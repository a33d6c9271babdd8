"""The page of parcels: how long each lane takes, and which parcels are probably lost."""

from collections.abc import Callable
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import fill, heading, tabs
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
    from nicegui import ui

    words, shop = visitor.words, visitor.acting().shop()
    asked = ui.context.client.request.query_params.get("part", "")
    part = asked if asked in PARTS else PARTS[0]
    header(visitor, "parcels")
    with ui.element("div").classes("so-page so-single"):
        ui.html(heading(words("pages", "parcels"), words("parcels", "lead")), sanitize=False)
        links = [(f"/ui/parcels?part={one}", words("parcels", "parts", one), one == part) for one in PARTS]
        ui.html(tabs(words("parcels", "parts_label"), links), sanitize=False)
        read: Callable[[Any], Any]
        if part == "lanes":
            read = lambda acting: acting.lately("parcel_lanes", parcels.lanes)  # noqa: E731
            fill(visitor, read, lambda found: _html(render_lanes(found, words)))
        else:
            read = lambda acting: acting.lately("parcels_lost", parcels.lost)  # noqa: E731
            fill(visitor, read, lambda found: _html(render_lost(found, parcels.MOST, words, shop.zone)))


def _html(html: str) -> None:
    from nicegui import ui

    ui.html(html, sanitize=False)
