"""Pages without a browser: the framework's simulated user, signed in like anybody, on the workspace that is served.

The framework's own fixture starts its app anew for each test and forgets every page; ours hangs in the HTTP application
and its pages are known once per process. So the user acts in the event loop of the server that runs already, and comes
by HTTP with the session of a real sign-in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.api.ui.browsing import Served

PATIENCE_SECONDS = 120.0
RETRIES = 300
"""How often the user looks for something, a tenth of a second apart."""


def check_as(served: Served, token: str, scenario: Callable[[Any], Awaitable[None]]) -> None:
    """Sign in with a token and let `scenario` act with the framework's `User`."""
    from nicegui import core

    assert core.loop is not None
    asyncio.run_coroutine_threadsafe(_act(served, token, scenario), core.loop).result(PATIENCE_SECONDS)


async def _act(served: Served, token: str, scenario: Callable[[Any], Awaitable[None]]) -> None:
    from nicegui import ui
    from nicegui.testing.user import User

    navigate, notify, download = ui.navigate, ui.notify, ui.download
    headers = {"Origin": served.address}
    async with httpx.AsyncClient(base_url=served.address, headers=headers, timeout=PATIENCE_SECONDS) as client:
        answer = await client.post("/sign-in", data={"token": token})
        assert answer.status_code == 303
        try:
            await scenario(User(client))
        finally:  # the user puts its own in their places, for everybody in this process
            ui.navigate, ui.notify, ui.download = navigate, notify, download
