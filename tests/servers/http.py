"""An HTTP server on the loopback that speaks a provider's contract and misbehaves on request (A6)."""

import asyncio
import gzip
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

BOMB = gzip.compress(b"\0" * (64 * 2**20))
FAULTS = (
    "retry_seconds", "retry_date", "retry_negative", "retry_decade", "status_500", "status_503", "error_in_200",
    "moved", "slow_loris", "slow_body", "endless_body", "gzip_bomb", "half_open", "accept_then_drop", "drop",
)  # fmt: skip
RETRY_AFTER = {
    "retry_seconds": "7",
    "retry_date": "Wed, 21 Oct 2037 07:28:00 GMT",
    "retry_negative": "-5",
    "retry_decade": "315360000",
}


@dataclass
class Request:
    """What arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """What is answered."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        head = {"content-type": "application/json", "content-length": str(len(body)), **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"HTTP/1.1 {self.status} X\r\n{lines}\r\n".encode() + body


class FaultServer:
    """Runs `provider` in a thread of its own; `fault` names how the next answers go wrong, for paths that match."""

    def __init__(self, provider: Callable[[Request], Reply], tls: ssl.SSLContext | None = None) -> None:
        self.fault, self.only, self.drip_seconds = "", "", 0.2
        self.n_requests = 0
        self._provider, self._tls = provider, tls
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port: int = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)

    async def _close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while (request := await _read(reader)) is not None:
                self.n_requests += 1
                is_hit = self.fault and self.only in request.path
                await (self._misbehave(request, writer) if is_hit else self._answer(request, writer))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(self._provider(request).raw())
        await writer.drain()

    async def _misbehave(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if self.fault in RETRY_AFTER:
            writer.write(Reply(429, headers={"retry-after": RETRY_AFTER[self.fault]}).raw())
        elif self.fault.startswith("status_"):
            writer.write(Reply(int(self.fault[-3:]), {"error": "down"}).raw())
        elif self.fault == "error_in_200":
            writer.write(Reply(200, {"error": {"code": 20500, "message": "internal"}, "code": 20500}).raw())
        elif self.fault == "moved":
            writer.write(Reply(301, headers={"location": f"{self.url}/moved"}).raw())
        elif self.fault == "gzip_bomb":
            self._provider(request)
            head = f"HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: {len(BOMB)}\r\n\r\n"
            writer.write(head.encode() + BOMB)
        else:
            await self._hold(request, writer)
        await writer.drain()

    async def _hold(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if self.fault == "drop":
            raise ConnectionResetError
        if self.fault == "half_open":
            await asyncio.sleep(3600)
        whole = self._provider(request).raw()  # taken, then the answer goes wrong
        if self.fault == "accept_then_drop":
            raise ConnectionResetError
        if self.fault == "endless_body":
            writer.write(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                await writer.drain()
        start = whole.index(b"\r\n\r\n") + 4 if self.fault == "slow_body" else 0
        writer.write(whole[:start])
        for byte in whole[start:]:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(self.drip_seconds)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
