"""The part of the approvals page that shows pre-approved periods and what came of one."""

from api.ui.shell.parts import fill
from api.ui.shell.visitor import Visitor
from api.verbs import periods
from api.verbs.acting import Acting
from memory.domain.pre_approval import PeriodDigest, PreApproval

from .periods_view import render_digest, render_periods

Found = tuple[tuple[PreApproval, ...], PeriodDigest | None]


class PeriodsPart:
    """All periods, and the digest of the one that the address names."""

    def __init__(self, visitor: Visitor, period_id: str) -> None:
        """Show the digest of `period_id` where it is one of the shop's."""
        self._visitor, self._period_id = visitor, period_id

    def build(self) -> None:
        """Make the part; it is read behind."""
        fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> Found:
        found = periods.periods(acting)
        is_known = self._period_id in {one.id for one in found}
        return found, periods.digest(acting, self._period_id) if is_known else None

    def _draw(self, found: Found) -> None:
        from nicegui import ui

        every, digest = found
        words, zone = self._visitor.words, self._visitor.acting().shop().zone
        if digest is not None:
            ui.html(render_digest(digest, words, zone), sanitize=False)
        ui.html(render_periods(every, words, zone), sanitize=False)
