"""The page of results: a plan that went live with its review, its brief, and what another policy would have brought."""

import asyncio
from collections.abc import Callable
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header, tell
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import hindsight, plans, reports
from api.verbs.acting import Acting
from memory.domain.approval import PlanStatus
from memory.domain.errors import SecondOrderError

from .view import render_brief_panel, render_hindsight_panel, render_review_panel

RAN: tuple[PlanStatus, ...] = ("live", "finished", "stopped")
"""Plans that may have brought something."""


def register(app: App) -> None:
    """Add the page; `?plan=ID` opens one plan at once, else the newest is open."""
    add_page(app, "/results", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with the shop's plans and none of them open."""
        self._visitor = visitor
        self._plans = [one for one in plans.list_plans(visitor.acting()) if one.status in RAN]
        self._open_id = ""
        self._buttons: dict[str, Any] = {}

    def build(self) -> None:
        """Make the page; each part is read by itself, so that a refusal of one leaves the others."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f'<a class="so-skip" href="#results">{words("skip_results")}</a>', sanitize=False)
        header(self._visitor, "results")
        with ui.element("div").classes("so-page"):
            with ui.element("nav").classes("so-requests").props(f'aria-label="{words("results", "plans")}"'):
                ui.html(f"<h2>{words('results', 'plans')}</h2>", sanitize=False)
                for one in self._plans:
                    label = f"{one.title} · {one.plan_id[:8]} · {words('status', one.status)}"
                    button = ui.button(label, on_click=self._opener(one.plan_id))
                    self._buttons[one.plan_id] = button.props("flat no-caps align=left color=primary")
                if not self._plans:
                    ui.label(words("results", "no_plans")).classes("so-soft")
            self._panel = ui.element("section").classes("so-plan").props("id=results tabindex=-1")
            self._panel.props(f'aria-label="{words("pages", "results")}"')
        tell(self._panel, words("results", "choose" if self._plans else "no_plans"))
        named = ui.context.client.request.query_params.get("plan", "")
        first = next((one.plan_id for one in self._plans if named in ("", one.plan_id)), "")
        if first:
            ui.timer(0, lambda: self._open(first), once=True)

    def _opener(self, plan_id: str) -> Any:
        async def open_() -> None:
            await self._open(plan_id)

        return open_

    async def _open(self, plan_id: str) -> None:
        from nicegui import ui

        visitor, words = self._visitor, self._visitor.words
        self._open_id = plan_id
        for other, button in self._buttons.items():
            button.props(f"aria-current={'true' if other == plan_id else 'false'}")
        self._panel.clear()
        parts: dict[str, Any] = {}
        with self._panel:
            title = next(one.title for one in self._plans if one.plan_id == plan_id)
            ui.html(f"<h2>{visible(title)}</h2>", sanitize=False)
            for name in ("review", "brief", "hindsight"):
                with ui.element("section").props(f'aria-labelledby="so-{name}"'):
                    ui.html(f'<h3 id="so-{name}">{words("results", name)}</h3>', sanitize=False)
                    parts[name] = ui.element("div")
        self._offer_hindsight(parts["hindsight"], plan_id)
        language = visitor.language
        await self._fill(
            parts["review"], plan_id, lambda acting: render_review_panel(reports.review(acting, plan_id), words)
        )
        await self._fill(
            parts["brief"], plan_id, lambda acting: render_brief_panel(reports.brief(acting, plan_id, language))
        )

    def _offer_hindsight(self, part: Any, plan_id: str) -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words

        async def ask() -> None:
            await self._fill(
                answer, plan_id, lambda acting: render_hindsight_panel(hindsight.ask(acting, plan_id, []), words),
                waiting="asking",
            )  # fmt: skip

        with part:
            ui.html(f'<p class="so-soft">{words("results", "hindsight_about")}</p>', sanitize=False)
            if not acting.principal.may("evaluate", acting.shop_id):
                ui.label(words("results", "not_evaluator")).classes("so-soft")
                return
            ui.button(words("results", "ask"), on_click=ask).props("outline no-caps color=primary")
            answer = ui.element("div")

    async def _fill(self, part: Any, plan_id: str, read: Callable[[Acting], str], *, waiting: str = "reading") -> None:
        """Read beside the page and show it, unless another plan was opened meanwhile; a refusal stands in its place."""
        from nicegui import ui

        tell(part, self._visitor.words("results", waiting))
        try:
            html = await asyncio.to_thread(read, self._visitor.acting())
        except SecondOrderError as error:
            if plan_id == self._open_id:
                tell(part, str(error))
            return
        if plan_id == self._open_id:
            part.clear()
            with part:
                ui.html(html, sanitize=False)
