"""A7: the server's door refuses in words past its limit, tells it once a minute, and lets in again."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import structlog.testing
import uvicorn

from api.http import door as doors
from api.http.door import LINGERING, Door


async def hello(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served(door: Door) -> Iterator[int]:
    given: Any = door.protocol
    server = uvicorn.Server(uvicorn.Config(hello, port=0, log_level="error", lifespan="off", http=given))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        pass
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def test_a7_past_its_limit_callers_get_503_and_once_somebody_leaves_they_are_served() -> None:
    door = Door(most=3)
    with structlog.testing.capture_logs() as said, served(door) as port, ExitStack() as held:
        address = f"http://127.0.0.1:{port}"
        for _ in range(3):
            held.enter_context(socket.create_connection(("127.0.0.1", port), 5))
        for _ in range(2 * LINGERING):
            with socket.create_connection(("127.0.0.1", port), 5) as refused:
                refused.settimeout(10)
                assert refused.recv(64).startswith(b"HTTP/1.1 503 ")
        assert door.is_crowded
        held.close()
        while httpx.get(address).status_code != 200:
            pass
    assert [(one["event"], one["most"], one["log_level"]) for one in said] == [("connections_refused", 3, "error")]
    assert door.n_lingering == 0


def test_a7_it_is_crowded_for_a_minute_after_the_last_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]
    monkeypatch.setattr(doors, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    door = Door(most=0)
    crowded = [door.is_crowded]
    with structlog.testing.capture_logs() as said:
        for seconds[0] in (0.0, 1.0, 59.0, 61.0):
            door.protocol(server_state=SimpleNamespace(connections=set()))
    crowded.append(door.is_crowded)
    seconds[0] = 121.5
    assert [*crowded, door.is_crowded] == [False, True, False]
    assert len(said) == 2


def test_a7_half_of_the_open_files_are_for_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "resource", SimpleNamespace(RLIMIT_NOFILE=7, getrlimit=lambda _: (1024, 4096)))
    assert Door().most == 512
