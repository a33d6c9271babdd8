"""The part of what runs by itself: gates, runs, releases, channels, schedules, autonomy. It looks again by itself."""

import asyncio
from collections.abc import Callable
from typing import Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.going import go
from api.ui.shell.parts import fill
from api.ui.shell.refusals import error_text
from api.ui.shell.visitor import Visitor
from api.verbs import autonomy, control, schedules
from api.verbs.acting import Acting
from api.verbs.overview import Overview, overview
from memory.domain.autonomy_report import AutonomyReport
from memory.domain.errors import NotAuthenticated, NotPermitted, SecondOrderError

from .forms import grant_form, schedule_form
from .sends_view import render_autonomy
from .view import SECTIONS, Card, Deed, Teller

LOOK_SECONDS = 3.0


class Running:
    """The elements of the open part."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing shown."""
        self._visitor = visitor
        self._zone = visitor.acting().shop().zone
        self._shown: dict[str, tuple[Card, ...]] = {}
        self._lists: dict[str, Any] = {}

    def build(self) -> None:
        """Make the part; each section is an element of its own, drawn anew only where it changed."""
        from nicegui import ui

        words = self._visitor.words
        self._worker = ui.label(words("runs", "no_worker")).classes("so-no-worker").props("role=status")
        for name in SECTIONS:
            with ui.element("section").props(f'aria-labelledby="so-{name}"').classes("so-cards"):
                ui.html(f'<h3 id="so-{name}">{words("runs", "sections", name)}</h3>', sanitize=False)
                self._lists[name] = ui.element("div").classes("so-card-list")
                if name == "schedules":
                    schedule_form(self._visitor, self._look)
                elif name == "grants":
                    grant_form(self._visitor, self._look)
                    fill(self._visitor, autonomy.report, self._report)
        self._show(overview(self._visitor.acting()))
        ui.timer(LOOK_SECONDS, self._look, immediate=False)

    def _report(self, found: AutonomyReport) -> None:
        from nicegui import ui

        ui.html(render_autonomy(found, self._visitor.words, self._zone), sanitize=False)

    async def _look(self) -> None:

        try:
            self._show(await asyncio.to_thread(overview, self._visitor.acting(is_here=False)))
        except (NotAuthenticated, NotPermitted):
            go("/sign-in")

    def _show(self, found: Overview) -> None:
        self._worker.set_visibility(not found.has_worker)
        teller = Teller(found, self._visitor.words, self._zone)
        for name in SECTIONS:
            cards = teller.cards(name)
            if self._shown.get(name) != cards:
                self._shown[name] = cards
                self._draw(name, cards)

    def _draw(self, name: str, cards: tuple[Card, ...]) -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(is_here=False), self._visitor.words
        self._lists[name].clear()
        with self._lists[name]:
            if not cards:
                ui.label(words("runs", "nothing", name)).classes("so-soft")
            for card in cards:
                with ui.element("article").classes("so-card").props(f'id="{card.key}"'):
                    ui.html(card.html, sanitize=False)
                    if card.deed and acting.principal.may(card.permission, acting.shop_id):
                        button = ui.button(words("runs", card.deed), on_click=self._doer(card))
                        button.props(f'outline no-caps dense color=primary id="do-{card.key}"')

    def _doer(self, card: Card) -> Any:
        async def do() -> None:
            if card.deed is not None:
                await self._do(card.deed, card.subject, card.key)

        return do

    async def _do(self, deed: Deed, subject: str, key: str) -> None:
        from nicegui import ui

        words = self._visitor.words
        name = words("runs", deed)
        answer = await ask(
            Question(title=name, text=words("runs", f"{deed}_text"), yes=name, no=words("stop", "cancel")),
            back_to=f"do-{key}",
        )
        if answer is None:
            return
        doing: dict[Deed, Callable[[Acting, str], object]] = {
            "stop_run": schedules.stop, "resume": control.resume_release, "advance": control.advance_release,
            "remove": schedules.remove, "revoke": autonomy.revoke,
        }  # fmt: skip
        try:
            await asyncio.to_thread(doing[deed], self._visitor.acting(), subject)
        except SecondOrderError as error:
            ui.notify(error_text(error, words), color="negative", close_button="OK", timeout=8000)
        else:
            ui.notify(words("runs", "did").format(what=name), color="primary", close_button="OK", timeout=8000)
        await self._look()
