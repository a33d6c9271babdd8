"""The sign-in page: paste a token."""

from agent.assembly import App

from .frame import page_frame
from .visitor import Visitor


def register(app: App) -> None:
    """Add the page."""
    from nicegui import app as nicegui_app
    from nicegui import ui

    @ui.page("/login")
    def login() -> None:
        visitor = Visitor(app, nicegui_app.storage.user)
        words = visitor.words
        page_frame(visitor)

        def try_token() -> None:
            if visitor.sign_in(field.value or ""):
                ui.navigate.to("/")
                return
            problem.set_text(words("token_bad"))
            field.run_method("focus")

        def switch() -> None:
            visitor.switch_language()
            ui.navigate.reload()

        with ui.element("div").classes("so-login"):
            ui.html(f"<h1>{words('app')}</h1>", sanitize=False)
            ui.label(words("tagline")).classes("so-soft")
            field = ui.input(words("token"), password=True).classes("w-full q-mt-md").props("outlined autocomplete=off")
            field.on("keydown.enter", try_token)
            ui.label(words("token_help")).classes("so-soft q-mt-xs")
            problem = ui.label("").classes("text-negative").props("role=alert")
            with ui.row().classes("q-mt-sm items-center"):
                ui.button(words("sign_in"), on_click=try_token).props("unelevated no-caps color=primary")
                ui.button(words("other_language"), on_click=switch).props("flat no-caps color=primary")
