"""The kill switch on top of every page: its state, who set it and why, and the one button that turns it."""

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.verbs import control
from api.verbs.control import Stops
from memory.domain.errors import NotAuthenticated, SecondOrderError
from memory.domain.switch import EVERYWHERE, KillSwitch

from .asking import Question, ask
from .going import go
from .refusals import error_text
from .visitor import Visitor
from .words import Words

LOOK_SECONDS = 2.0
BUTTON = "so-stop-button"


class StopBar:
    """The elements of the switch on one open page; they stay the same, so that the focus does, too."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with the present state."""
        self._visitor = visitor
        self._zone = visitor.acting().shop().zone
        self._shown: Stops | None = None

    def build(self) -> None:
        """Make the bar, which looks again by itself."""
        from nicegui import ui

        words = self._visitor.words
        self._bar = ui.element("section").classes("so-stop").props(f'aria-label="{words("stop", "region")}"')
        with self._bar:
            self._state = ui.label().props("role=status aria-live=assertive").classes("so-stop-state")
            self._button = ui.button(on_click=self._press).props(f"unelevated no-caps id={BUTTON}")
            self._button.classes("so-stop-button")
        self._show(control.stops(self._visitor.acting(is_here=False)))
        ui.timer(LOOK_SECONDS, self._look, immediate=False)

    async def _look(self) -> None:

        try:
            self._show(await asyncio.to_thread(control.stops, self._visitor.acting(is_here=False)))
        except NotAuthenticated:
            go("/sign-in")

    def _show(self, found: Stops) -> None:
        if found == self._shown:
            return
        self._shown, words = found, self._visitor.words
        self._state.set_text(say_stops(found, words, self._zone))
        self._bar.classes(remove="so-stopped" if not found.by else "", add="so-stopped" if found.by else "")
        self._button.set_text(words("stop", "go" if found.by else "stop"))
        self._button.props(f"color={'primary' if found.by else 'negative'}")
        self._button.set_visibility(found.may_go_on if found.by else found.may_stop)

    async def _press(self) -> None:
        """Ask, then do what the question said, whatever was turned meanwhile."""
        from nicegui import ui

        words, found = self._visitor.words, self._shown
        assert found is not None, "the bar was shown"
        is_stopping = not found.by
        name = "stop" if is_stopping else "go"
        answer = await ask(
            Question(
                title=words("stop", f"{name}_title"), text=words("stop", f"{name}_text"), yes=words("stop", name),
                no=words("stop", "cancel"), note=words("stop", "reason"), is_harsh=is_stopping,
                choice=words("stop", "every_shop") if is_stopping and found.may_stop_everywhere else "",
            ),
            back_to=BUTTON,
        )  # fmt: skip
        if answer is None:
            return
        acting = self._visitor.acting()
        try:
            if is_stopping:
                await asyncio.to_thread(_stop, acting, answer.note, answer.is_chosen)
            else:
                await asyncio.to_thread(control.go_on, acting, answer.note)
        except SecondOrderError as error:
            ui.notify(error_text(error, self._visitor.words), color="negative", close_button="OK", timeout=8000)
        await self._look()


def say_stops(found: Stops, words: Words, zone: str) -> str:
    """Say in one or more sentences whether messages leave, who stopped them, why, and who lets them go on."""
    if not found.by:
        return words("stop", "sending")
    parts = [_say(one, words, zone) for one in found.by]
    if not found.may_go_on:
        is_everywhere = any(one.scope == EVERYWHERE for one in found.by)
        parts.append(words("stop", "ask_admin" if is_everywhere else "ask_marketer"))
    return " ".join(parts)


def _say(one: KillSwitch, words: Words, zone: str) -> str:
    said = words("stop", "everywhere" if one.scope == EVERYWHERE else "here")
    why = words("stop", "why").format(reason=one.reason or words("stop", "no_reason"))
    return f"{said.format(at=local(one.set_at, zone), by=one.set_by)} {why}"


def local(at: datetime, zone: str) -> str:
    """Give an instant by a zone's clock, to the minute."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _stop(acting: Any, reason: str, is_everywhere: bool) -> None:
    control.switch(acting, is_stopped=True, is_everywhere=is_everywhere, reason=reason)
