"""The form of the limits, and beside it what the limits in it would have done."""

import asyncio
from html import escape
from typing import Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.going import go
from api.ui.shell.numbers import language_name
from api.ui.shell.parts import do, notice
from api.ui.shell.refusals import error_html
from api.ui.shell.visitor import Visitor
from api.verbs import guardrails
from api.verbs.acting import Acting
from memory.domain.errors import NotAuthenticated, SecondOrderError
from memory.domain.guardrails import Guardrails
from memory.domain.market import CHANNELS
from memory.store.guardrail_versions import GuardrailVersion

from .form import FIELDS, GROUPS, LANGUAGES, Field, Kind, changed, shown
from .said import said
from .view import looked_back

WAIT_SECONDS = 0.7
"""How long the form rests before what it would have done is worked out."""


class Editor:
    """The form of one open page."""

    def __init__(self, visitor: Visitor, in_force: GuardrailVersion, zone: str) -> None:
        """Begin with the limits in force."""
        self._visitor, self._in_force, self._zone = visitor, in_force, zone
        self._currency = in_force.guardrails.plan_budget.currency
        self._inputs: dict[str, Any] = {}
        self._groups = list(GROUPS.items())
        self._turn = 0

    def build(self) -> None:
        """Make the form and the panel beside it."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-edit"):
            self._form = ui.element("div")
            self._group(*self._groups.pop(0))
            with ui.element("aside").classes("so-panel so-what-if").props("aria-labelledby=so-what-if"):
                title = escape(words("guardrails", "what_if", "title"))
                ui.html(f'<h3 id="so-what-if">{title}</h3>', sanitize=False)
                self._panel = ui.element("div").props("aria-live=polite")
                with ui.element("div").classes("so-buttons"):
                    save = ui.button(words("guardrails", "save"), on_click=self._save)
                    self._save_button = save.props("unelevated no-caps color=primary id=so-save")
                    reset = ui.button(words("guardrails", "reset"), on_click=self._reset)
                    self._reset_button = reset.props("flat no-caps color=primary")
        ui.timer(0, self._rest, once=True)

    async def _rest(self) -> None:
        """Add the other groups: the first can be read while they come."""
        if self._panel.is_deleted:
            return
        while self._groups:
            self._group(*self._groups.pop(0))
        await self._look()

    def _group(self, group: str, names: tuple[str, ...]) -> None:
        from nicegui import ui

        with self._form, ui.element("section").classes("so-section"):
            ui.html(f"<h3>{escape(self._visitor.words('guardrails', 'groups', group))}</h3>", sanitize=False)
            for name in names:
                self._limit(name)

    def _limit(self, name: str) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-limit").props(f'role=group aria-labelledby="so-limit-{name}"'):
            why = escape(words("guardrails", "why", name))
            title = escape(words("guardrails", "names", name))
            ui.html(f'<h4 id="so-limit-{name}">{title}</h4><p class="so-soft">{why}</p>', sanitize=False)
            if not FIELDS[name]:
                current = said(self._in_force.guardrails, name, words)
                text = words("guardrails", "by_file").format(said=current)
                ui.html(f"<p>{escape(text)}</p>", sanitize=False)
            with ui.element("div").classes("so-limit-fields"):
                for field in FIELDS[name]:
                    self._inputs[field.path] = self._input(field)

    def _input(self, field: Field) -> Any:
        from nicegui import ui

        words, value = self._visitor.words, shown(self._in_force.guardrails, field)
        label = words("guardrails", "fields", field.path.replace(".", "_"))
        if field.kind in ("languages", "channels"):
            options = self._options(field.kind, value)
            made: Any = ui.select(options, value=value, label=label, multiple=True, on_change=self._later)
            return made.props("outlined dense use-chips options-dense")
        units: dict[Kind, str] = {"money": self._currency, "maybe_money": self._currency, "share": "%", "margin": "%"}
        suffix = f' suffix="{units[field.kind]}"' if field.kind in units else ""
        mode = "" if field.kind in ("hosts", "clock") else " inputmode=decimal"
        made = ui.input(label, value=value, on_change=self._later)
        return made.props(f"outlined dense autocomplete=off maxlength=200{suffix}{mode}")

    def _options(self, kind: Kind, value: list[str]) -> dict[str, str]:
        words = self._visitor.words
        if kind == "channels":
            return {name: words("channels", name) for name in CHANNELS}
        return {code: language_name(code, words.language) for code in dict.fromkeys((*LANGUAGES, *value))}

    async def _later(self) -> None:
        self._turn += 1
        mine = self._turn
        await asyncio.sleep(WAIT_SECONDS)
        if mine == self._turn and not self._panel.is_deleted:
            await self._look()

    def _read(self) -> tuple[dict[str, Any], bool]:
        """Give what the form changes, and whether all of it can be read; wrong inputs say what they ask for."""
        words = self._visitor.words
        given = {path: one.value for path, one in self._inputs.items()}
        found, wrong = changed(self._in_force.guardrails, given, self._currency)
        for path, made in self._inputs.items():
            made.error = words("guardrails", "wrong", wrong[path]) if path in wrong else None
        return found, not wrong

    async def _look(self) -> None:
        """Work out behind the page what the limits in the form would have done."""
        from nicegui import ui

        words, mine = self._visitor.words, self._turn
        found, is_readable = self._read()
        self._save_button.set_enabled(bool(found) and is_readable)
        self._reset_button.set_visibility(bool(found) or not is_readable)
        if not is_readable:
            self._tell(notice(escape(words("guardrails", "unreadable")), "warn"))
            return
        self._tell(f'<p class="so-loading">{escape(words("guardrails", "what_if", "working"))}</p>')
        try:
            looked = await asyncio.to_thread(_what_if, self._visitor.acting(), found)
        except NotAuthenticated:
            ui.run_javascript("location.assign('/sign-in')")  # the sign-in page lies outside the workspace's mount
        except SecondOrderError as error:
            self._save_button.set_enabled(False)
            self._tell(notice(error_html(error, words), "wrong"))
        else:
            if mine == self._turn:
                self._tell(looked_back(looked, words, self._zone))

    def _tell(self, html: str) -> None:
        from nicegui import ui

        if self._panel.is_deleted:
            return
        self._panel.clear()
        with self._panel:
            ui.html(html, sanitize=False)

    def _reset(self) -> None:
        for fields in FIELDS.values():
            for field in fields:
                self._inputs[field.path].set_value(shown(self._in_force.guardrails, field))

    async def _save(self) -> None:

        words, (found, is_readable) = self._visitor.words, self._read()
        if not found or not is_readable:
            return
        name = words("guardrails", "save")
        answer = await ask(
            Question(
                title=words("guardrails", "save_title"), text=bound_words(self._visitor), yes=name,
                no=words("stop", "cancel"), note=words("guardrails", "note"),
            ),
            back_to="so-save",
        )  # fmt: skip
        if answer is None:
            return
        seen = self._in_force.version
        done = await do(
            self._visitor,
            lambda acting: guardrails.change(acting, guardrails.edit(acting, found), answer.note, seen=seen),
            words("guardrails", "set"),
        )
        if done is not None:
            go("/ui/guardrails")


def bound_words(visitor: Visitor) -> str:
    """Say what setting other limits stops until it is approved anew."""
    words, found = visitor.words, guardrails.bound(visitor.acting())
    return words("guardrails", "bound").format(live=found.n_live, waiting=found.n_waiting)


def _what_if(acting: Acting, changes: dict[str, Any]) -> Any:
    wanted: Guardrails = guardrails.edit(acting, changes)
    return guardrails.what_if(acting, wanted)
