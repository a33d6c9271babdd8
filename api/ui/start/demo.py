"""The demo shop's button: a synthetic shop beside the real ones, for whoever has no files at hand."""

from html import escape
from typing import Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.parts import do
from api.ui.shell.visitor import SHOP, Visitor
from api.verbs import demo_shop

LOOK_SECONDS = 0.3


class Demo:
    """The section with its button and bar."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing made."""
        acting = visitor.acting()
        self._visitor = visitor
        self._is_admin = acting.principal.may("admin", acting.shop_id)
        self._exists = demo_shop.exists(acting)
        self._told: tuple[str, int, int] = ("", 0, 1)

    def build(self) -> None:
        """Make the section; who may not make the shop is told who may."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("section").classes("so-section"):
            ui.html(f"<h3>{words('start', 'demo_title')}</h3>", sanitize=False)
            name = "demo_there" if self._exists else ("demo_lead" if self._is_admin else "demo_admin")
            ui.html(f"<p class='so-lead'>{words('start', name)}</p>", sanitize=False)
            if self._exists or not self._is_admin:
                return
            self._state = ui.html("", sanitize=False).props("role=status")
            self._bar = ui.linear_progress(0, show_value=False).props(f'aria-label="{words("start", "demo_making")}"')
            self._bar.set_visibility(False)
            self._button = ui.button(words("start", "demo_make"), on_click=self._make)
            self._button.props("outline no-caps color=primary id=so-demo")
            ui.timer(LOOK_SECONDS, self._look)

    async def _make(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        question = Question(
            title=words("start", "demo_make"), text=words("start", "demo_text"), yes=words("start", "demo_make"),
            no=words("stop", "cancel"),
        )  # fmt: skip
        if await ask(question, back_to="so-demo") is None:
            return
        self._button.disable()
        self._bar.set_visibility(True)
        made = await do(self._visitor, lambda acting: demo_shop.add(acting, self._heard), "")
        if made is None:
            self._bar.set_visibility(False)
            self._button.enable()
            return
        self._visitor.kept[SHOP] = made.shop.shop_id
        ui.run_javascript("location.assign('/sign-in')")  # a new role ends every session of its owner

    def _heard(self, file_name: str, n_done: int, n_files: int) -> None:
        self._told = (file_name, n_done, n_files)

    def _look(self) -> None:
        if not self._bar.visible:
            return
        file_name, n_done, n_files = self._told
        self._bar.set_value(n_done / n_files)
        words: Any = self._visitor.words
        said = words("start", "demo_file").format(file=file_name, n=n_done + 1, all=n_files)
        self._state.set_content(
            f"<p class='so-soft'>{escape(said if file_name else words('start', 'demo_making'))}</p>"
        )
