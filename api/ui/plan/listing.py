"""The list of plans: filtered by where they stand and by words, page by page."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from api.ui.shell.frame import header
from api.ui.shell.going import go
from api.ui.shell.numbers import day, instant, money, whole
from api.ui.shell.parts import empty, fill, heading, status, table, tabs
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.ui.shell.words import Words
from api.verbs.plan_list import N_SHOWN, PlanLine, PlanPage, plan_page
from memory.domain.approval import PlanStatus

from .files_part import show_import

STATUSES: tuple[PlanStatus, ...] = (
    "draft", "waiting", "approved", "live", "finished", "rejected", "refused", "stopped",
)  # fmt: skip
NUMBERS = frozenset({3, 4, 5})
ADDRESS = "/ui/plans"


class Listing:
    """The elements of the open list; `?status=`, `?q=` and `?start=` are its states, `?do=import` opens the import."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address asks for."""
        from nicegui import ui

        query = ui.context.client.request.query_params
        self._visitor = visitor
        self._status = next((one for one in STATUSES if one == query.get("status")), None)
        self._text = query.get("q", "")[:80]
        self._start = int(query.get("start", "0")) if query.get("start", "0").isdecimal() else 0
        self._is_importing = query.get("do") == "import"

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        header(self._visitor, "plans")
        with ui.element("div").classes("so-page so-single so-plan-page"):
            ui.html(heading(words("pages", "plans"), words("plan_page", "lead")), sanitize=False)
            may_plan = acting.principal.may("plan", acting.shop_id)
            if may_plan:
                self._ways()
            if self._is_importing and may_plan:
                show_import(self._visitor)
            self._filter()
            fill(self._visitor, self._read, self._draw)

    def _ways(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-buttons"):
            for name, address, look in (("to_chat", "/ui/chat", "unelevated"), ("to_import", "?do=import", "outline")):
                to = address if address.startswith("/") else f"{ADDRESS}{address}"
                button = ui.button(words("plan_page", name), on_click=lambda to=to: go(to))
                button.props(f"{look} no-caps color=primary")

    def _filter(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        links = [(self.address(status=""), words("plan_page", "every_status"), self._status is None)]
        links += [(self.address(status=one), words("status", one), one == self._status) for one in STATUSES]
        ui.html(tabs(words("plan_page", "filter"), links), sanitize=False)
        found = ui.input(words("plan_page", "search"), value=self._text).props("outlined dense clearable maxlength=80")
        found.classes("so-plan-search")
        found.on("keydown.enter", lambda: go(self.address(q=str(found.value or ""))))

    def address(self, **changes: str) -> str:
        """Give the address of the list in another state, its first page unless `start` is given."""
        state = {"status": self._status or "", "q": self._text, **changes}
        asked = urlencode({name: value for name, value in state.items() if value})
        return f"{ADDRESS}?{asked}" if asked else ADDRESS

    def _read(self, acting: Any) -> PlanPage:
        return plan_page(acting, self._status, self._text, self._start)

    def _draw(self, found: PlanPage) -> None:
        from nicegui import ui

        words = self._visitor.words
        if not found.plans:
            is_filtered = bool(self._status or self._text or self._start)
            html = nothing_found(words) if is_filtered else nothing_yet(words)
        else:
            html = plan_table(found, words, self._visitor.acting().shop().zone) + self._more(found)
        ui.html(html, sanitize=False)

    def _more(self, found: PlanPage) -> str:
        words, last = self._visitor.words, found.start + len(found.plans)
        said = words("plan_page", "of").format(first=found.start + 1, last=last, n=whole(found.n_all, words.language))
        links = []
        if found.start:
            links.append((self.address(start=str(max(found.start - N_SHOWN, 0))), words("plan_page", "newer")))
        if last < found.n_all:
            links.append((self.address(start=str(last)), words("plan_page", "older")))
        ways = " · ".join(f'<a href="{escape(address)}">{escape(name)}</a>' for address, name in links)
        return f'<p class="so-soft">{escape(said)} {ways}</p>'


def plan_table(found: PlanPage, words: Words, zone: str) -> str:
    """Give the plans as a table: title and where they stand, dates, people, budget, forecast, who drafted them."""
    heads = [
        words("plan_page", "heads", name)
        for name in ("plan", "status", "dates", "people", "budget", "forecast", "drafted")
    ]
    rows = [_row(one, words, zone) for one in found.plans]
    return table(words("pages", "plans"), heads, rows, numbers=NUMBERS)


def _row(one: PlanLine, words: Words, zone: str) -> tuple[str, ...]:
    language = words.language
    basis = words("basis", "assumed" if one.is_assumed else "measured")
    orders = f"{whole(one.added_orders, language)} ({whole(one.low, language)} … {whole(one.high, language)})"
    return (
        f'<a href="{ADDRESS}/{escape(one.plan_id)}">{visible(one.title)}</a> <code>{escape(one.plan_id[:8])}</code>',
        status(words("status", one.status), one.status),
        f"{escape(day(one.anchor_on, language))} – {escape(day(one.ends_on, language))}",
        whole(one.n_people, language),
        escape(money(one.budget, language, is_short=True)),
        f'{escape(orders)}<br><span class="so-soft">{escape(basis)}</span>',
        f'{escape(one.created_by)}<br><span class="so-soft">{escape(instant(one.created_at, zone, language))}</span>',
    )


def nothing_yet(words: Words) -> str:
    """Say that there is no plan, and where the first one comes from."""
    return empty(words("no_plan"), words("plan_page", "no_plan_more"), ("/ui/chat", words("plan_page", "to_chat")))


def nothing_found(words: Words) -> str:
    """Say that no plan fits the filter."""
    title, text = words("plan_page", "none_fits"), words("plan_page", "none_fits_more")
    return empty(title, text, (ADDRESS, words("plan_page", "every_status")))
