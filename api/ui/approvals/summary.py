"""One screen of a phone: what, reach, cost, worst case, until when by my clock, approve or reject."""

from html import escape

from api.ui.shell.frame import header
from api.ui.shell.parts import fill, notice
from api.ui.shell.visitor import Visitor
from api.verbs.acting import Acting
from api.verbs.exhibits import Digest, digest

from .deciding import Deciding
from .standing_view import head, outcome, summary_figures, what, who
from .zone import my_zone


class Summary:
    """The elements of the summary."""

    def __init__(self, visitor: Visitor, approval_id: str) -> None:
        """Begin with nothing read."""
        self._visitor, self._id = visitor, approval_id

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        header(self._visitor, "approvals", title=self._visitor.words("approvals", "summary"))
        self._box = ui.element("div").classes("so-page so-single so-summary")
        ui.timer(0, self._begin, once=True)

    async def _begin(self) -> None:
        zone = await my_zone(self._visitor)
        with self._box:
            fill(self._visitor, self._read, lambda found: self._draw(found, zone))

    def _read(self, acting: Acting) -> Digest:
        return digest(acting, self._id)

    def _draw(self, found: Digest, zone: str) -> None:
        from nicegui import ui

        words, standing = self._visitor.words, found.standing
        unread = tuple(one.market for one in found.readings if one.read is None)
        parts = (head(standing, words, zone), f"<p>{what(found, words)}</p>", summary_figures(found, words))
        ui.html("".join(parts), sanitize=False)
        ui.html(outcome(standing, words, zone) + who(standing, words), sanitize=False)
        if not standing.why_not:
            ui.html(notice(escape(words("approvals", "summary_staged"))), sanitize=False)
            Deciding(self._visitor, standing, found.shown_hash, unread=unread).build(is_short=True)
        more = escape(words("approvals", "whole_request"))
        ui.html(f'<p><a href="/ui/approvals/{escape(self._id)}">{more}</a></p>', sanitize=False)
