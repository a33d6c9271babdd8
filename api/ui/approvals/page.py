"""The approvals pages: the queue, one request, its summary for a phone, notifications and deputies."""

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import empty, fill, heading, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import approvals
from api.verbs.acting import Acting
from api.verbs.approvals import QueueEntry

from .periods import PeriodsPart
from .review import Review
from .rules import RulesPart
from .standing_view import queue
from .summary import Summary
from .zone import my_zone

PER_PAGE = 25
VIEWS = ("open", "closed", "periods", "rules")


def register(app: App) -> None:
    """Add the pages; `?view=` names a part of each."""
    add_page(app, "/approvals", "read", lambda visitor: Queue(visitor).build())
    add_page(app, "/approvals/{approval_id}", "read", _one)


def _one(visitor: Visitor, approval_id: str) -> None:
    from nicegui import ui

    is_summary = ui.context.client.request.query_params.get("view") == "summary"
    (Summary if is_summary else Review)(visitor, approval_id).build()


class Queue:
    """What waits, what was decided, and the rules around it."""

    def __init__(self, visitor: Visitor) -> None:
        """Read from the address which part is open."""
        from nicegui import ui

        given = ui.context.client.request.query_params
        self._visitor = visitor
        self._named = given.get("request", "")
        self._period = given.get("period", "")
        self._view = given.get("view", "open") if given.get("view") in VIEWS else "open"
        page = given.get("page", "1")
        self._page = max(1, min(int(page), 10_000)) if page.isascii() and page.isdigit() else 1

    def build(self) -> None:
        """Make the page; `?request=ID`, as older links have it, leads to the request's own page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "approvals")
        with ui.element("div").classes("so-page so-single"):
            ui.html(heading(words("pages", "approvals"), words("approvals", "lead")), sanitize=False)
            acting = self._visitor.acting()
            is_admin = acting.principal.may("admin", acting.shop_id)
            shown = VIEWS if is_admin else VIEWS[:3]
            links = [
                (f"/ui/approvals?view={one}", words("approvals", "views", one), one == self._view) for one in shown
            ]
            ui.html(tabs(words("approvals", "parts"), links), sanitize=False)
            self._box = ui.element("div")
        if self._named.isalnum():
            ui.navigate.to(f"/approvals/{self._named}")
        elif self._view == "periods":
            with self._box:
                PeriodsPart(self._visitor, self._period).build()
        elif self._view == "rules":
            with self._box:
                RulesPart(self._visitor).build()
        else:
            ui.timer(0, self._begin, once=True)

    async def _begin(self) -> None:
        zone = await my_zone(self._visitor)
        with self._box:
            fill(self._visitor, self._read, lambda found: self._draw(found, zone))

    def _read(self, acting: Acting) -> tuple[int, tuple[QueueEntry, ...]]:
        start = (self._page - 1) * PER_PAGE
        if self._view == "open":
            found = approvals.waiting(acting)
            return len(found), approvals.titled(acting, found[start : start + PER_PAGE])
        closed = approvals.closed(acting, PER_PAGE, start)
        return closed.n, approvals.titled(acting, closed.approvals)

    def _draw(self, found: tuple[int, tuple[QueueEntry, ...]], zone: str) -> None:
        from nicegui import ui

        words, (n, entries) = self._visitor.words, found
        is_open = self._view == "open"
        if not entries:
            name = "nothing_open" if is_open else "nothing_closed"
            html = empty(
                words("approvals", name), words("approvals", f"{name}_why"), ("/ui/plans", words("pages", "plans"))
            )
            ui.html(html, sanitize=False)
            return
        caption = words("approvals", "caption").format(n=n)
        ui.html(queue(caption, entries, words, zone, is_open=is_open) + self._pager(n), sanitize=False)

    def _pager(self, n: int) -> str:
        last = -(-n // PER_PAGE)
        if last < 2:
            return ""
        words, address = self._visitor.words, f"/ui/approvals?view={self._view}&page="
        links: list[tuple[str, str, bool]] = []
        if self._page > 1:
            links.append((f"{address}{self._page - 1}", words("approvals", "newer"), False))
        links.append((f"{address}{self._page}", f"{self._page} / {last}", True))
        if self._page < last:
            links.append((f"{address}{self._page + 1}", words("approvals", "older"), False))
        return tabs(words("approvals", "pages"), links)
