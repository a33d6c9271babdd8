"""The step of the files: drop them, see what each would change, import them, see what they made possible."""

from functools import partial
from html import escape
from typing import Any

from api.ui.shell.numbers import whole
from api.ui.shell.parts import do, fill, notice, refill
from api.ui.shell.refusals import error_html
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import imports
from api.verbs.acting import Acting

from .demo import Demo
from .uploads import Upload, Uploads
from .view import render_done, render_readiness, render_report, size

LOOK_SECONDS = 0.3
DROP = (
    '<div style="display:none"><q-uploader-add-trigger></q-uploader-add-trigger></div><p class="so-drop-words">%s</p>'
)


class Files:
    """The elements of the step on one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with no file."""
        acting = visitor.acting()
        self._visitor, self._zone = visitor, acting.shop().zone
        self._uploads, self._limit = Uploads(), imports.max_bytes(acting)
        self._titles = {one.id: one.title.get(visitor.language, one.id) for one in imports.kinds()}
        self._done: tuple[int, int] = (0, 1)

    def build(self) -> None:
        """Make the step."""
        from nicegui import ui

        words = self._visitor.words
        ui.context.client.on_delete(self._uploads.clear)
        said = words("start", "files_lead").format(size=size(self._limit, words.language))
        ui.html(f"<p class='so-lead'>{escape(said)}</p>", sanitize=False)
        self._drop()
        self._cards = ui.element("div").classes("so-files").props("aria-live=polite")
        self._bar = ui.linear_progress(0, show_value=False).props(f'aria-label="{words("start", "importing")}"')
        self._bar.set_visibility(False)
        with ui.element("div").classes("so-buttons"):
            self._go = ui.button(words("start", "import"), on_click=self._import)
            self._go.props("unelevated no-caps color=primary id=so-import")
        self._show_go()
        ui.timer(LOOK_SECONDS, self._look)
        with ui.element("section").classes("so-section"):
            ui.html(f"<h3>{words('start', 'ready_title')}</h3>", sanitize=False)
            self._readiness = fill(self._visitor, self._read, self._draw)
        Demo(self._visitor).build()

    def _drop(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        upload = ui.upload(
            on_upload=self._take, auto_upload=True, multiple=True, max_file_size=self._limit,
            on_rejected=lambda: ui.notify(words("start", "too_large"), color="negative", close_button="OK"),
        )  # fmt: skip
        upload.classes("so-drop").props("flat bordered")
        upload.add_slot("header", DROP % escape(words("start", "drop")))
        upload.add_slot("list", "<span></span>")
        choose = ui.button(words("start", "choose"), on_click=lambda: upload.run_method("pickFiles"))
        choose.props("outline no-caps color=primary id=so-choose")

    def _read(self, acting: Acting) -> Any:
        return imports.readiness(acting), imports.done(acting)

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        (readiness, done), words = found, self._visitor.words
        ui.html(render_readiness(readiness, self._titles, words), sanitize=False)
        ui.html(render_done(done, self._titles, words, self._zone), sanitize=False)

    async def _take(self, event: Any) -> None:
        """Take one file, guess its kind and try it."""
        from nicegui import ui

        path = self._uploads.place(str(event.file.name))
        await event.file.save(path)
        one = await do(self._visitor, lambda _: self._uploads.add(path, self._limit), "")
        if one is None:
            return
        with self._cards, ui.element("article").classes("so-panel so-file") as card:
            self._head(one, card)
            body = ui.element("div")
        await self._check(one, body)

    def _head(self, one: Upload, card: Any) -> None:
        from nicegui import ui

        words = self._visitor.words

        async def change(event: Any) -> None:
            one.kind = str(event.value or "")
            await self._check(one, next(iter(reversed(card.default_slot.children))))

        def put_away() -> None:
            self._uploads.put_away(one)
            card.delete()
            self._show_go()
            ui.run_javascript("document.getElementById('so-choose')?.focus()")

        name = f"<h4>{visible(one.name)} <span class='so-soft'>{size(one.n_bytes, words.language)}</span></h4>"
        ui.html(name, sanitize=False)
        with ui.element("div").classes("so-buttons"):
            kinds = {"": words("start", "which")} | self._titles
            ui.select(kinds, value=one.kind, label=words("start", "kind"), on_change=change).props("outlined dense")
            away = ui.button(words("start", "put_away"), on_click=put_away).props("flat no-caps dense color=primary")
            away.props["aria-label"] = f"{words('start', 'put_away')}: {one.name}"

    async def _check(self, one: Upload, body: Any) -> None:
        from nicegui import ui

        body.clear()
        with body:
            ui.label(self._visitor.words("start", "checking")).classes("so-loading").props("role=status")
        await do(self._visitor, one.check, "")
        self._tell(one, body)

    def _tell(self, one: Upload, body: Any) -> None:
        from nicegui import ui

        if body.is_deleted:
            return
        words = self._visitor.words
        body.clear()
        with body:
            if one.refused:
                said = f"{escape(words('start', 'refused'))} {error_html(one.refused, words)}"
                ui.html(notice(said, "wrong"), sanitize=False)
            elif one.report is None:
                ui.html(notice(escape(words("start", "unknown_kind")), "warn"), sanitize=False)
            else:
                ui.html(render_report(one.report, words), sanitize=False)
        self._show_go()

    def _show_go(self) -> None:
        n_ready = len(self._uploads.ready())
        words = self._visitor.words
        self._go.set_text(words("start", "import_n").format(n=whole(n_ready, words.language)))
        self._go.set_visibility(n_ready > 0)

    async def _import(self) -> None:
        """Import what is ready, one file after the other; one that fails keeps its reason and the others go on."""
        self._go.disable()
        self._bar.set_visibility(True)
        for one in self._uploads.ready():
            self._done = (0, max(1, one.n_bytes))
            await do(self._visitor, partial(one.take, progress=self._heard), "")
        self._bar.set_visibility(False)
        self._go.enable()
        self._redraw()
        await refill(self._visitor, self._readiness, self._read, self._draw)

    def _redraw(self) -> None:
        cards = [card for card in self._cards.default_slot.children if not card.is_deleted]
        for one, card in zip(self._uploads.files, cards, strict=True):
            if one.is_done or one.refused:
                self._tell(one, card.default_slot.children[-1])
        self._show_go()

    def _heard(self, n_rows: int, bytes_done: int, bytes_total: int) -> None:
        self._done = (bytes_done, max(1, bytes_total))

    def _look(self) -> None:
        if self._bar.visible:
            self._bar.set_value(min(1.0, self._done[0] / self._done[1]))
