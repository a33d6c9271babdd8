"""Hangs the workspace into the HTTP application."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from starlette.responses import RedirectResponse

from agent.assembly import App
from api.http.cookies import is_secure
from memory.domain.canonical import keyed_hash

READERS = 32
"""Threads that read for pages. By itself the event loop has six on two cores: the slow figures of one page that is open
would hold up all others."""
RECONNECT_SECONDS = 30.0
"""A page outlives a lost connection or a slow machine for so long; then it is loaded anew and its drafts are gone."""


def mount(api: FastAPI, app: App) -> None:
    """Serve the workspace under /ui; what it remembers is kept in the home folder, its assets come from this server."""
    from nicegui import app as nicegui_app
    from nicegui import ui

    from .pages import PAGES
    from .shell.lost import lost

    folder = app.settings.home / "workspace"
    folder.mkdir(parents=True, exist_ok=True)
    nicegui_app.storage.path = folder
    for register in PAGES:
        register(app)
    # the framework puts its own place before each address, so whoever is led to /sign-in comes by here
    ui.page("/sign-in")(_to_sign_in)
    nicegui_app.add_exception_handler(404, lost)
    nicegui_app.on_startup(_use_readers)
    # the library's bar over the page shows every request, has no name for a screen reader, and says nothing more
    nicegui_app.config.quasar_config["loadingBar"]["skipHijack"] = True
    ui.run_with(
        api,
        mount_path="/ui",
        title="Second Order",
        language="en-US",
        reconnect_timeout=RECONNECT_SECONDS,
        storage_secret=keyed_hash(app.key, "workspace session"),
        session_middleware_kwargs={
            "session_cookie": "so_view",
            "https_only": is_secure(app.settings),
            "same_site": "lax",
        },
        show_welcome_message=False,
    )


async def _use_readers() -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(READERS, "page"))


def _to_sign_in() -> RedirectResponse:
    return RedirectResponse("/sign-in", 303)
