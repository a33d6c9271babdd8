"""Connect: mail, SMS, push and the language model, each with its state, what to set and a test button."""

from typing import TYPE_CHECKING, Any

from api.ui.shell.parts import do, fill, refill
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import channels, imports, llm
from api.verbs.acting import Acting
from memory.domain.market import Channel

from .connect_view import render_channel, render_llm

if TYPE_CHECKING:
    from api.verbs.channels import ChannelStatus

TESTED: tuple[Channel, ...] = ("email", "sms", "push")


class Connect:
    """The cards of what sends and what plans; the start page and the settings show the same."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor, self._zone = visitor, visitor.acting().shop().zone
        acting = visitor.acting()
        self._may_send = acting.principal.may("dispatch", acting.shop_id)
        self._may_plan = acting.principal.may("plan", acting.shop_id)
        self._may_import = acting.principal.may("import", acting.shop_id)
        self._is_admin = acting.principal.may("admin", acting.shop_id)

    def build(self) -> None:
        """Make the cards."""
        self._part = fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> Any:
        return channels.channels(acting), llm.status(acting)

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        known, llm_status = found
        with ui.element("div").classes("so-grid"):
            for one in known:
                if one.channel in TESTED:
                    with ui.element("article").classes("so-panel"):
                        ui.html(render_channel(one, self._visitor.words, self._zone), sanitize=False)
                        self._channel_deeds(one)
            with ui.element("article").classes("so-panel"):
                ui.html(render_llm(llm_status, self._visitor.words), sanitize=False)
                if llm_status.llm and self._may_plan:
                    self._llm_test()

    def _channel_deeds(self, one: "ChannelStatus") -> None:
        from nicegui import ui

        words, channel = self._visitor.words, next(name for name in TESTED if name == one.channel)
        if self._may_send:
            to = ui.input(words("connect", "to", channel)).props("outlined dense maxlength=4096")
            told = ui.html("", sanitize=False).props("role=status")
            button: Any = ui.button(words("connect", "test"), on_click=lambda: self._send(channel, to, told, button))
            button.props("outline no-caps color=primary")
            name = words("connect", "channels", channel)
            button.props["aria-label"] = f"{words('connect', 'test')}: {name}"
        if not one.is_ready and self._may_import:
            declare = ui.button(words("connect", "declare"), on_click=lambda: self._declare(channel))
            declare.props("flat no-caps color=primary")
        warm = one.warm_up
        if warm is not None and self._is_admin:
            if warm.paused_at is not None:
                ui.button(words("connect", "resume"), on_click=lambda: self._warm("resume")).props(
                    "flat no-caps color=primary"
                )
            elif not warm.is_done:
                ui.button(words("connect", "is_warm"), on_click=lambda: self._warm("done")).props(
                    "flat no-caps color=primary"
                )

    async def _send(self, channel: Channel, to: Any, told: Any, button: Any) -> None:
        address, words = str(to.value or ""), self._visitor.words
        button.disable()
        outcome = await do(self._visitor, lambda acting: channels.send_test(acting, channel, address), "")
        button.enable()
        if outcome is None:
            return
        said = words.known("connect", "outcomes", outcome.kind, otherwise="other")
        reason = str(getattr(outcome, "reason", "") or "")
        told.set_content(f"<p>{said} {visible(reason)}</p>")

    async def _declare(self, channel: Channel) -> None:
        said = self._visitor.words("connect", "declared")
        await do(self._visitor, lambda acting: imports.declare_no_suppressions(acting, channel), said)
        await refill(self._visitor, self._part, self._read, self._draw)

    async def _warm(self, action: Any) -> None:
        said = self._visitor.words("connect", "noted")
        await do(self._visitor, lambda acting: channels.warm_up(acting, action), said)
        await refill(self._visitor, self._part, self._read, self._draw)

    def _llm_test(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        told = ui.html("", sanitize=False).props("role=status")

        async def ask() -> None:
            button.disable()
            told.set_content(f"<p class='so-soft'>{words('connect', 'asking')}</p>")
            found = await do(self._visitor, llm.trial, "")
            button.enable()
            if found is None:
                told.set_content(f"<p class='so-bad'>{words('connect', 'no_answer')}</p>")
                return
            said = words("connect", "answered").format(seconds=f"{found.seconds:.1f}", llm=visible(found.llm))
            told.set_content(f"<p>{said} <q>{visible(found.answer)}</q></p>")

        button = ui.button(words("connect", "ask_llm"), on_click=ask).props("outline no-caps color=primary")
