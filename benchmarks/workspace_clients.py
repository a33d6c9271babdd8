"""Many open clients of one workspace: each has loaded the page of runs and holds its websocket open."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from .workspace_served import Server

ADDRESS = "/ui/runs"
_CLIENT = re.compile(r"client_id['\"]?\s*:\s*['\"]([^'\"]+)")
OPENING_SECONDS = 300.0


@contextmanager
def open_clients(server: Server, n: int) -> Iterator[None]:
    """Keep `n` clients open until the block ends; raise where one could not be opened or was thrown out."""
    opened, ends, wrong = threading.Event(), threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            asyncio.run(_hold(server, n, opened, ends))
        except BaseException as error:
            wrong.append(error)
            opened.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    if not opened.wait(OPENING_SECONDS):
        raise RuntimeError(f"{n} clients were not open after {OPENING_SECONDS:.0f} s")
    if not wrong:
        yield
    ends.set()
    thread.join(60)
    if wrong:
        raise RuntimeError(f"a client of {n} failed: {wrong[0]!r}")


async def _hold(server: Server, n: int, opened: threading.Event, ends: threading.Event) -> None:
    import httpx

    async with httpx.AsyncClient(base_url=server.address, timeout=120.0) as browser:
        signed_in = await browser.post("/sign-in", data={"token": server.token}, headers={"origin": server.address})
        assert signed_in.status_code in (302, 303), signed_in.status_code
        started = asyncio.Semaphore(0)
        async with asyncio.TaskGroup() as tasks:
            held = [tasks.create_task(_client(browser, server, started)) for _ in range(n)]
            for _ in range(n):
                await started.acquire()
            opened.set()
            while not ends.is_set():
                await asyncio.sleep(0.1)
            for one in held:
                one.cancel()


async def _client(browser: object, server: Server, started: asyncio.Semaphore) -> None:
    """Load the page as a browser does and answer its socket's questions, whatever it tells."""
    import httpx
    from websockets.asyncio.client import connect

    assert isinstance(browser, httpx.AsyncClient)
    page = await browser.get(ADDRESS)
    found = _CLIENT.search(page.text)
    assert found is not None, f"{ADDRESS} names no client: {page.status_code}"
    query = {"client_id": found[1], "next_message_id": 0, "implicit_handshake": "true", "document_id": str(uuid4()),
             "tab_id": str(uuid4()), "EIO": 4, "transport": "websocket"}  # fmt: skip
    where = f"ws://{urlsplit(server.address).netloc}/ui/_nicegui_ws/socket.io/?{urlencode(query)}"
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    origin: Any = server.address
    async with connect(
        where, additional_headers={"cookie": cookies}, origin=origin, max_size=None, open_timeout=120
    ) as socket:
        await socket.recv()
        await socket.send("40")
        answer = await socket.recv()
        assert str(answer).startswith("40"), answer
        started.release()
        async for said in socket:
            if said == "2":
                await socket.send("3")
