"""Brand voice: notes that planners recall when they write; added by people, forgotten for good."""

from html import escape
from typing import TYPE_CHECKING, Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.numbers import instant
from api.ui.shell.parts import do, fill, refill, status
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import notes
from api.verbs.acting import Acting

if TYPE_CHECKING:
    from memory.recall.notes import Note

MAX_LISTED = 100


class Brand:
    """The notes with a line to add one."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        acting = visitor.acting()
        self._visitor, self._zone = visitor, acting.shop().zone
        self._may_write = acting.principal.may("plan", acting.shop_id)

    def build(self) -> None:
        """Make the list and the form."""
        from nicegui import ui

        words = self._visitor.words
        self._part = fill(self._visitor, notes.every, self._draw)
        if not self._may_write:
            ui.html(f"<p class='so-soft'>{words('brand', 'for_planners')}</p>", sanitize=False)
            return
        with ui.element("div").classes("so-panel so-note-form"):
            self._id = ui.input(words("brand", "id")).props("outlined dense maxlength=64")
            self._text = ui.textarea(words("brand", "text")).props("outlined autogrow maxlength=2000")
            add = ui.button(words("brand", "add"), on_click=self._add)
            add.props("unelevated no-caps color=primary id=so-add-note")

    def _draw(self, found: "tuple[Note, ...]") -> None:
        from nicegui import ui

        words = self._visitor.words
        if not found:
            ui.html(f"<p class='so-soft'>{words('brand', 'none')}</p>", sanitize=False)
        for note in found[:MAX_LISTED]:
            with ui.element("article").classes("so-panel so-note"):
                kind = status(words("brand", "kinds", note.kind))
                at = escape(instant(note.at, self._zone, words.language))
                by = f"{visible(note.source)} · {visible(note.approved_by)} · {at}"
                ui.html(
                    f"<h4>{visible(note.id)} {kind}</h4><p>{visible(note.text)}</p><p class='so-soft'>{by}</p>",
                    sanitize=False,
                )
                if self._may_write:
                    forget = ui.button(words("brand", "forget"), on_click=self._forgetter(note.id))
                    forget.props("flat no-caps dense color=primary").props["aria-label"] = (
                        f"{words('brand', 'forget')}: {note.id}"
                    )
        if len(found) > MAX_LISTED:
            said = words("brand", "more").format(n=len(found) - MAX_LISTED)
            ui.html(f"<p class='so-soft'>{said}</p>", sanitize=False)

    async def _add(self) -> None:
        note_id, text = str(self._id.value or "").strip(), str(self._text.value or "").strip()
        by_hand, said = self._visitor.words("brand", "by_hand"), self._visitor.words("brand", "added")

        def add(acting: Acting) -> Any:
            return notes.add(acting, "brand_voice", note_id, text, by_hand)

        if await do(self._visitor, add, said) is not None:
            self._id.set_value("")
            self._text.set_value("")
            await refill(self._visitor, self._part, notes.every, self._draw)

    def _forgetter(self, note_id: str) -> Any:
        async def forget() -> None:
            words = self._visitor.words
            question = Question(
                title=words("brand", "forget_title"), text=words("brand", "forget_text"), yes=words("brand", "forget"),
                no=words("stop", "cancel"), is_harsh=True,
            )  # fmt: skip
            if await ask(question, back_to="so-add-note") is None:
                return
            await do(self._visitor, lambda acting: notes.forget(acting, note_id), words("brand", "forgotten"))
            await refill(self._visitor, self._part, notes.every, self._draw)

        return forget
