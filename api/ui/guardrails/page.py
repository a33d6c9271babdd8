"""The page: what may leave, why each limit is there, what others would have done, and every version there was."""

from html import escape

from agent.assembly import App
from api.ui.shell.asking import Question, ask
from api.ui.shell.frame import add_page, header
from api.ui.shell.going import go
from api.ui.shell.numbers import instant
from api.ui.shell.parts import do, fill, heading, notice, tabs
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import guardrails
from api.verbs.acting import Acting
from memory.domain.errors import NotReady
from memory.domain.guardrails import Guardrails
from memory.store.guardrail_versions import GuardrailVersion

from .editor import Editor, bound_words
from .view import difference, limits_list, no_limits, versions_table

Versions = tuple[GuardrailVersion, ...]


def register(app: App) -> None:
    """Add the page; `?view=versions` lists what was in force, `&version=N` opens one."""
    add_page(app, "/guardrails", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address names."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor = visitor
        self._is_history = asked.get("view") == "versions"
        self._asked = int(asked["version"]) if asked.get("version", "").isdecimal() else 0
        self._zone = visitor.acting().shop().zone

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "guardrails")
        with ui.element("div").classes("so-page so-single"):
            ui.html(heading(words("pages", "guardrails"), words("guardrails", "lead")), sanitize=False)
            links = (
                ("/ui/guardrails", words("guardrails", "limits"), not self._is_history),
                ("/ui/guardrails?view=versions", words("guardrails", "versions"), self._is_history),
            )
            ui.html(tabs(words("guardrails", "parts"), links), sanitize=False)
            fill(self._visitor, _history, self._draw_history if self._is_history else self._draw_limits)

    def _draw_limits(self, versions: Versions) -> None:
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        if not versions:
            ui.html(no_limits(words), sanitize=False)
            return
        last = versions[-1]
        since = words("guardrails", "since").format(
            n=len(versions), by=last.set_by, at=instant(last.set_at, self._zone, words.language)
        )
        note = f" {words('guardrails', 'noted').format(note=last.note)}" if last.note else ""
        ui.html(f'<p class="so-soft">{visible(since + note)}</p>', sanitize=False)
        if acting.principal.may("guardrail", acting.shop_id):
            Editor(self._visitor, last, self._zone).build()
        else:
            ui.html(notice(escape(words("guardrails", "read_only"))), sanitize=False)
            ui.html(limits_list(last.guardrails, words), sanitize=False)

    def _draw_history(self, versions: Versions) -> None:
        from nicegui import ui

        words = self._visitor.words
        if not versions:
            ui.html(no_limits(words), sanitize=False)
            return
        number = self._asked if 1 <= self._asked <= len(versions) else len(versions)
        ui.html(versions_table(versions, number, words, self._zone), sanitize=False)
        with ui.element("section").classes("so-section"):
            title = words("guardrails", "version").format(n=number)
            ui.html(f"<h3>{escape(title)}</h3>", sanitize=False)
            self._compare(versions, number)
            details = f"<details class='so-more'><summary>{escape(words('guardrails', 'all_limits'))}</summary>"
            shown = limits_list(versions[number - 1].guardrails, words)
            ui.html(f"{details}{shown}</details>", sanitize=False)

    def _compare(self, versions: Versions, number: int) -> None:
        from nicegui import ui

        words, acting, one = self._visitor.words, self._visitor.acting(), versions[number - 1]
        if number == 1:
            ui.html(f'<p class="so-soft">{escape(words("guardrails", "first"))}</p>', sanitize=False)
        else:
            self._difference(versions[number - 2].guardrails, one.guardrails, "before_after", number - 1, number)
        if number < len(versions):
            self._difference(one.guardrails, versions[-1].guardrails, "now", number, len(versions))
            if acting.principal.may("guardrail", acting.shop_id):
                label = words("guardrails", "restore").format(n=number)
                button = ui.button(label, on_click=lambda: self._restore(versions, number))
                button.props("outline no-caps color=primary id=so-restore")

    def _difference(self, before: Guardrails, after: Guardrails, caption: str, old: int, new: int) -> None:
        from nicegui import ui

        words = self._visitor.words
        heads = (words("guardrails", "version").format(n=old), words("guardrails", "version").format(n=new))
        said = words("guardrails", "captions", caption)
        changed = guardrails.changed(before, after)
        ui.html(difference(before, after, changed, words, heads, said), sanitize=False)

    async def _restore(self, versions: Versions, number: int) -> None:

        words = self._visitor.words
        title = words("guardrails", "restore").format(n=number)
        answer = await ask(
            Question(
                title=title, text=bound_words(self._visitor), yes=title, no=words("stop", "cancel"),
                note=words("guardrails", "note"),
            ),
            back_to="so-restore",
        )  # fmt: skip
        if answer is None:
            return
        wanted, seen = versions[number - 1].guardrails, versions[-1].version
        done = await do(
            self._visitor, lambda acting: guardrails.change(acting, wanted, answer.note, seen=seen),
            words("guardrails", "set"),
        )  # fmt: skip
        if done is not None:
            go("/ui/guardrails")


def _history(acting: Acting) -> Versions:
    try:
        return guardrails.history(acting)
    except NotReady:
        return ()
