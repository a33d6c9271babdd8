"""The first page of the workspace: the chat, and the plan it drafts beside it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.assembly import App
from api.verbs import approvals, plans
from memory.domain.brief import Brief
from memory.domain.errors import SecondOrderError

from .conversation import Conversation, Line
from .frame import gate, page_frame, top_links
from .plan_view import Shown, marks_between, render_plan
from .visitor import SHOP, THREAD, Visitor, visitor_of

if TYPE_CHECKING:
    from agent.chat.events import ChatEvent


def register(app: App) -> None:
    """Add the page."""
    from nicegui import ui

    logs: dict[str, list[Line]] = {}

    @ui.page("/")
    def workspace() -> Any:
        visitor = visitor_of(app)
        elsewhere = gate(visitor, "read")
        if elsewhere is not None:
            return elsewhere
        page_frame(visitor)
        Page(visitor, logs).build()
        return None


SIDE_KINDS = frozenset(
    {"offer_kind", "offer_cost", "offer_threshold", "offer_dates", "offer_most"}
    | {"budget_line", "budget_worst_case", "step_offer"}
)
"""Differences that mostly follow from others; folded away."""


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor, logs: dict[str, list[Line]]) -> None:
        """Begin with the newest plan of the shop, or none; `logs` is what open chats have shown."""
        self._visitor, self._logs = visitor, logs
        self._shown = _newest(visitor)

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f'<a class="so-skip" href="#plan">{words("skip")}</a>', sanitize=False)
        self._top()
        self._tabs: dict[str, Any] = {}
        with ui.element("div").classes("so-switch").props("role=group"):
            for name in ("chat", "plan"):
                self._tabs[name] = ui.button(words(name), on_click=self._switcher(name)).props("no-caps flat dense")
        self._main = ui.element("div").classes("so-main on-chat")
        with self._main:
            with ui.element("section").classes("so-chat").props(f'aria-label="{words("chat")}"'):
                self._conversation = Conversation(self._visitor, self._hear, self._logs)
            self._panel = ui.element("section").classes("so-plan").props("id=plan tabindex=0")
            self._panel.props(f'aria-label="{words("plan")}"')
        self._switcher("chat")()
        self._draw()

    def _top(self) -> None:
        from nicegui import ui

        visitor, words = self._visitor, self._visitor.words
        with ui.element("header").classes("so-top"):
            tagline = words("tagline")
            ui.html(f"<h1>{words('app')} <small>{tagline}</small></h1>", sanitize=False).classes("q-mr-auto")
            acting = visitor.acting()
            shops = list(acting.principal.shops())
            if len(shops) > 1:
                ui.select(shops, value=acting.shop_id, label=words("shop"), on_change=self._change_shop).props("dense")
            ui.button(words("new_chat"), on_click=self._new_chat).props("flat no-caps dense color=primary")
            ui.button(words("other_language"), on_click=self._switch_language).props("flat no-caps dense color=primary")
            top_links(visitor, "workspace")

    def _draw(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        self._panel.clear()
        with self._panel:
            if self._shown is None:
                with ui.element("div").classes("so-empty"), ui.element("div"):
                    ui.html(
                        f"<h2>{words('no_plan')}</h2><p class='so-soft'>{words('no_plan_more')}</p>", sanitize=False
                    )
                    ui.button(words("draft_now"), on_click=self._draft).props("unelevated no-caps color=primary")
                return
            if self._shown.status == "draft":
                with ui.element("div").classes("so-actions"):
                    ask = ui.button(words("request_approval"), on_click=self._request_approval)
                    ask.props("outline no-caps color=primary")
            ui.html(render_plan(self._shown, words), sanitize=False)

    def _hear(self, event: "ChatEvent") -> None:
        """Follow a turn: the plan beside the chat is the one that stands, its changes marked."""
        before = self._shown.plan if self._shown else None
        if event.kind == "plan":
            marks = marks_between(before, event.plan)
            self._shown = Shown(plan=event.plan, marks=marks)
            self._draw()
        elif event.kind == "diff" and self._shown is not None:
            said = list(zip(event.differences, event.words, strict=True))
            self._shown = replace(
                self._shown,
                changes=tuple(line for one, line in said if one["kind"] not in SIDE_KINDS),
                side_changes=tuple(line for one, line in said if one["kind"] in SIDE_KINDS),
            )
            self._draw()
        elif event.kind == "refused" and self._shown is not None:
            self._shown = Shown(self._shown.plan, self._shown.status, event.reasons)
            self._draw()

    async def _draft(self) -> None:
        import asyncio

        try:
            outcome, _ = await asyncio.to_thread(plans.draft, self._visitor.acting(), Brief())
        except SecondOrderError as error:
            self._tell(str(error))
            return
        if outcome.kind == "drafted":
            self._shown = Shown(outcome.stored.plan)
            self._draw()
        else:
            self._tell("; ".join(one.message for one in getattr(outcome, "reasons", ())) or "-")

    async def _request_approval(self) -> None:
        import asyncio

        assert self._shown is not None
        try:
            await asyncio.to_thread(approvals.request, self._visitor.acting(), self._shown.plan.id)
        except SecondOrderError as error:
            self._tell(str(error))
            return
        self._shown = Shown(self._shown.plan, "waiting")
        self._draw()
        self._tell(self._visitor.words("requested"))

    def _tell(self, text: str) -> None:
        from nicegui import ui

        ui.notify(text, color="primary", close_button="OK", timeout=8000)

    def _switcher(self, name: str) -> Any:
        def switch() -> None:
            self._main.classes(remove="on-chat on-plan", add=f"on-{name}")
            for other, tab in self._tabs.items():
                tab.props(f"aria-pressed={str(other == name).lower()}")
                tab.classes(add="so-on") if other == name else tab.classes(remove="so-on")

        return switch

    def _new_chat(self) -> None:
        from nicegui import ui

        self._visitor.kept.pop(THREAD, None)
        ui.navigate.reload()

    def _switch_language(self) -> None:
        from nicegui import ui

        self._visitor.switch_language()
        ui.navigate.reload()

    def _change_shop(self, event: Any) -> None:
        from nicegui import ui

        self._visitor.kept[SHOP] = event.value
        self._visitor.kept.pop(THREAD, None)
        ui.navigate.reload()


def _newest(visitor: Visitor) -> Shown | None:
    acting = visitor.acting()
    found = plans.list_plans(acting)
    if not found:
        return None
    stored = plans.get(acting, found[0].plan_id)
    return Shown(stored.plan, stored.status)
