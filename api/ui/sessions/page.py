"""The page: recorded sessions for evaluators."""

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import heading
from api.ui.shell.visitor import Visitor


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/sessions", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "sessions")
        with ui.element("div").classes("so-page so-single"):
            ui.html(heading(words("pages", "sessions")), sanitize=False)
