"""The page: segments, cohorts and single people."""

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import heading
from api.ui.shell.visitor import Visitor


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/people", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "people")
        with ui.element("div").classes("so-page so-single"):
            ui.html(heading(words("pages", "people")), sanitize=False)
