"""An OpenAI-compatible server on loopback that plays a script: what a language model might answer, good or bad."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any, Literal

DRIP_SECONDS = 0.02


@dataclass
class Dripped:
    """An answer that comes a byte at a time and never ends; `n_bytes` says how many left, `last_at` when."""

    where: Literal["head", "body"]
    n_bytes: int = 0
    last_at: float = 0.0

    def play(self, out: BufferedIOBase) -> None:
        """Write until the other side hangs up."""
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        out.write(head + (b"x-slow: " if self.where == "head" else b"content-length: 100000\r\n\r\n"))
        with suppress(OSError):
            while self.n_bytes < 100_000:
                out.write(b" ")
                out.flush()
                self.n_bytes, self.last_at = self.n_bytes + 1, time.monotonic()
                time.sleep(DRIP_SECONDS)


Reply = bytes | dict[str, Any] | Dripped | Callable[[dict[str, Any]], Any]
"""Raw bytes, a message object, a dripping answer, or a function from the request to one of them."""


def says(text: str) -> dict[str, Any]:
    """An assistant message of plain text."""
    return {"role": "assistant", "content": text}


def calls(name: str, arguments: Any, call_id: str = "call_1") -> dict[str, Any]:
    """An assistant message with one tool call; `arguments` may be text, to be as broken as wanted."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    function = {"name": name, "arguments": text}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }


class ScriptedLlm:
    """Answers request n with reply n; the last reply is repeated. Keeps every byte it was sent."""

    def __init__(self, replies: Sequence[Reply], status: Sequence[int] = ()) -> None:
        self.replies, self.status = list(replies), list(status)
        self.requests: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.base_url = ""

    def answer(self, body: bytes) -> tuple[int, bytes | Dripped]:
        """Give status and bytes for the next request."""
        number = len(self.requests)
        self.requests.append(body)
        status = self.status[number] if number < len(self.status) else 200
        reply = self.replies[min(number, len(self.replies) - 1)]
        if callable(reply):
            reply = reply(json.loads(body))
        return status, reply if isinstance(reply, bytes | Dripped) else completion(reply)


def completion(message: dict[str, Any]) -> bytes:
    """Wrap a message as a chat completion with usage."""
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    body = {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
    return json.dumps(body, ensure_ascii=False).encode()


@contextmanager
def scripted_llm(replies: Sequence[Reply], status: Sequence[int] = ()) -> Iterator[ScriptedLlm]:
    """Serve the script on a free loopback port."""
    script = ScriptedLlm(replies, status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            script.headers.append(dict(self.headers.items()))
            status, answer = script.answer(body)
            if isinstance(answer, Dripped):
                self.close_connection = True
                answer.play(self.wfile)
                return
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            if status == 429:
                self.send_header("retry-after", "0")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
