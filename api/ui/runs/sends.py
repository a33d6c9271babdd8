"""The part of what is sent: live progress, the outbox by state, and messages nobody can say have left."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from api.ui.shell.asking import Question, ask
from api.ui.shell.going import go
from api.ui.shell.parts import do, fill, refill
from api.ui.shell.visitor import Visitor
from api.verbs import sends
from api.verbs.acting import Acting
from memory.domain.errors import NotAuthenticated, SecondOrderError

from .sends_view import render_outbox, render_progress, render_unknown

LOOK_SECONDS = 10.0
MAX_SHOWN = 50
"""Most unknown messages that the page lists at once."""


class _Outbox(NamedTuple):
    counts: tuple[sends.OutboxCount, ...]
    unknown: tuple[sends.UnknownSend, ...]


class Sends:
    """The elements of the open part."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor
        self._zone = visitor.acting().shop().zone
        self._shown = ""

    def build(self) -> None:
        """Make the part; progress looks again by itself, the rest after somebody did something."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("section").props('aria-labelledby="so-progress"'):
            ui.html(f'<h3 id="so-progress">{words("runs", "progress")}</h3>', sanitize=False)
            self._progress = fill(self._visitor, sends.progress, self._draw_progress)
        with ui.element("section").classes("so-section").props('aria-labelledby="so-outbox"'):
            ui.html(f'<h3 id="so-outbox">{words("runs", "outbox")}</h3>', sanitize=False)
            self._outbox = fill(self._visitor, _read, self._draw_outbox)
        ui.timer(LOOK_SECONDS, self._look, immediate=False)

    def _draw_progress(self, found: sends.Progress) -> None:
        from nicegui import ui

        self._shown = render_progress(found, self._visitor.words, self._zone)
        self._live = ui.html(self._shown, sanitize=False)

    async def _look(self) -> None:
        """Look again, without keeping a sign-in alive that nobody uses; the elements stay where they are."""
        if not self._shown:
            return
        try:
            found = await asyncio.to_thread(sends.progress, self._visitor.acting(is_here=False))
        except NotAuthenticated:
            go("/sign-in")
            return
        except SecondOrderError:
            return  # the next look says so, or it is over
        html = render_progress(found, self._visitor.words, self._zone)
        if html != self._shown and not self._live.is_deleted:
            self._shown = html
            self._live.set_content(html)

    def _draw_outbox(self, found: _Outbox) -> None:
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        ui.html(render_outbox(found.counts, words), sanitize=False)
        n = sum(one.n_messages for one in found.counts if one.state == "unknown")
        with ui.element("section").classes("so-section").props('aria-labelledby="so-unknown"'):
            ui.html(
                f'<h3 id="so-unknown" tabindex="-1">{words("runs", "unknown").format(n=f"{n:,}")}</h3>', sanitize=False
            )
            if not n:
                ui.label(words("runs", "nothing_unknown")).classes("so-soft")
                return
            ui.html(f"<p>{words('runs', 'unknown_about')}</p>", sanitize=False)
            may = acting.principal.may("dispatch", acting.shop_id)
            if not may:
                ui.label(words("runs", "who_settles")).classes("so-soft")
            if n > len(found.unknown):
                ui.label(words("runs", "first_of").format(n=len(found.unknown), of=f"{n:,}")).classes("so-soft")
            if may and len(found.unknown) > 1:
                self._buttons("all", [one.send_key for one in found.unknown], words("runs", "all_shown"))
            with ui.element("div").classes("so-card-list"):
                for one in found.unknown:
                    with ui.element("article").classes("so-card"):
                        ui.html(render_unknown(one, words, self._zone), sanitize=False)
                        if may:
                            self._buttons(one.send_key[:16], [one.send_key])

    def _buttons(self, name: str, keys: Sequence[str], label: str = "") -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-buttons"):
            if label:
                ui.label(label).classes("so-soft")
            for is_sent, word in ((True, "it_left"), (False, "it_stayed")):
                key = f"settle-{word}-{name}"
                button = ui.button(words("runs", word), on_click=partial(self._settle, keys, is_sent, key))
                button.props(f"outline no-caps dense color=primary id={key}")

    async def _settle(self, keys: Sequence[str], has_left: bool, back_to: str) -> None:
        """Ask how it is known, then write it down; nothing is sent."""
        from nicegui import ui

        words, name = self._visitor.words, "it_left" if has_left else "it_stayed"
        client = ui.context.client  # the button that was pressed is gone once the list is drawn anew
        text = words("runs", f"{name}_text").format(n=len(keys))
        answer = await ask(
            Question(
                title=words("runs", f"{name}_title").format(n=len(keys)), text=text, yes=words("runs", name),
                no=words("stop", "cancel"), note=words("runs", "how_known"),
            ),
            back_to=back_to,
        )  # fmt: skip
        if answer is None:
            return
        said = words("runs", "settled").format(n=len(keys))
        if await do(self._visitor, partial(_settled, keys=keys, has_left=has_left, note=answer.note), said):
            await refill(self._visitor, self._outbox, _read, self._draw_outbox)
            client.run_javascript("document.getElementById('so-unknown')?.focus()")


def _read(acting: Acting) -> _Outbox:
    return _Outbox(sends.outbox(acting), sends.unknown(acting, MAX_SHOWN))


def _settled(acting: Acting, *, keys: Sequence[str], has_left: bool, note: str) -> Any:
    return sends.settle(acting, keys, has_left=has_left, note=note)
