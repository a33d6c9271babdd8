"""Home: what needs me, where we stand, the ninety days with today on them, what runs."""

from typing import Any

from agent.assembly import App
from agent.monday.card import MondayCard
from agent.reports.standing import Standing
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import empty, fill, heading
from api.ui.shell.visitor import Visitor
from api.verbs import home
from api.verbs.acting import Acting
from api.verbs.overview import overview

from .view import render_card, render_now, render_standing, render_timeline


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor
        self._shop = visitor.acting().shop()

    def build(self) -> None:
        """Make the page: each part is read by itself."""
        from nicegui import ui

        visitor, words = self._visitor, self._visitor.words
        header(visitor, "home")
        with ui.element("div").classes("so-page so-single"):
            ui.html(heading(self._shop.name, words("home", "lead")), sanitize=False)
            self._part("needs", lambda: fill(visitor, home.monday, self._draw_card))
            self._part("standing", lambda: fill(visitor, _standing, self._draw_standing))
            self._part("timeline", lambda: fill(visitor, home.timeline, self._draw_timeline))
            self._part("now", lambda: fill(visitor, overview, self._draw_now))

    def _part(self, name: str, build: Any) -> None:
        from nicegui import ui

        with ui.element("section").props(f'aria-labelledby="so-{name}"').classes("so-section"):
            ui.html(f'<h3 id="so-{name}">{self._visitor.words("home", name)}</h3>', sanitize=False)
            build()

    def _draw_card(self, card: MondayCard) -> None:
        self._html(render_card(card, self._visitor.words, self._shop.zone))

    def _draw_standing(self, found: Standing) -> None:
        self._html(render_standing(found, self._visitor.words, self._shop))

    def _draw_timeline(self, found: "home.Timeline | None") -> None:
        words = self._visitor.words
        if found is None:
            self._html(
                empty(words("home", "no_plan"), words("home", "no_plan_more"), ("/ui/chat", words("home", "go")))
            )
            return
        self._html(render_timeline(found, words, self._visitor.app.clock.now()))

    def _draw_now(self, found: Any) -> None:
        self._html(render_now(found, self._visitor.words, self._shop.zone))

    def _html(self, html: str) -> None:
        from nicegui import ui

        ui.html(html, sanitize=False)


def _standing(acting: Acting) -> Standing:
    return acting.lately("standing", home.standing)
