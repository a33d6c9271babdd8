"""Tokens of one's own: made and shown once, listed without showing them, ended."""

from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.asking import Question, ask
from api.ui.shell.numbers import instant
from api.ui.shell.parts import do, fill, notice, refill
from api.ui.shell.visitor import Visitor
from api.verbs import tokens

if TYPE_CHECKING:
    from memory.store.principals import ApiToken

DAYS = (7, 30, 90)


class Tokens:
    """The list with its form."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor, self._zone = visitor, visitor.acting().shop().zone

    def build(self) -> None:
        """Make the part."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f"<p class='so-lead'>{words('tokens', 'lead')}</p>", sanitize=False)
        self._part = fill(self._visitor, tokens.mine, self._draw)
        with ui.element("section").classes("so-section"):
            ui.html(f"<h3>{words('tokens', 'make_title')}</h3>", sanitize=False)
            with ui.element("div").classes("so-buttons"):
                named = {days: words("tokens", "days").format(n=days) for days in DAYS}
                self._days = ui.select(named, value=30, label=words("tokens", "valid")).props("outlined dense")
                make = ui.button(words("tokens", "make"), on_click=self._make)
                make.props("unelevated no-caps color=primary id=so-make-token")
            self._made = ui.element("div").props("role=status")

    def _draw(self, found: "tuple[ApiToken, ...]") -> None:
        from nicegui import ui

        words = self._visitor.words
        if not found:
            ui.html(f"<p class='so-soft'>{words('tokens', 'none')}</p>", sanitize=False)
        now = self._visitor.app.clock.now()
        for one in found:
            with ui.element("article").classes("so-panel so-token"):
                ends = instant(one.expires_at, self._zone, words.language)
                said = words("tokens", "over" if one.expires_at <= now else "until").format(at=ends)
                scopes = ", ".join(words("permissions", scope) for scope in one.scopes) or words("tokens", "all")
                ui.html(f"<h4><code>{one.id}</code></h4><p>{escape(said)} · {escape(scopes)}</p>", sanitize=False)
                button = ui.button(words("tokens", "end"), on_click=lambda _, id_=one.id: self._end(id_))
                button.props("flat no-caps dense color=primary").props["aria-label"] = (
                    f"{words('tokens', 'end')} {one.id}"
                )

    async def _make(self) -> None:
        from nicegui import ui

        words, days = self._visitor.words, int(self._days.value)
        token = await do(self._visitor, lambda acting: tokens.make(acting, days), "")
        if token is None:
            return
        self._made.clear()
        with self._made:
            ui.html(notice(f"{escape(words('tokens', 'once'))}<br><code>{escape(token)}</code>"), sanitize=False)
            copy = ui.button(words("tokens", "copy"), on_click=lambda: ui.clipboard.write(token))
            copy.props("flat no-caps color=primary")
        await refill(self._visitor, self._part, tokens.mine, self._draw)

    async def _end(self, token_id: str) -> None:
        words = self._visitor.words
        question = Question(
            title=words("tokens", "end_title"), text=words("tokens", "end_text"), yes=words("tokens", "end"),
            no=words("stop", "cancel"), is_harsh=True,
        )  # fmt: skip
        if await ask(question, back_to="so-make-token") is None:
            return
        await do(self._visitor, lambda acting: tokens.end(acting, token_id), words("tokens", "ended"))
        await refill(self._visitor, self._part, tokens.mine, self._draw)
