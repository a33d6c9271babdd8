"""An OpenAI-compatible server on loopback that plays a script: what a language model might answer, good or bad."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = bytes | dict[str, Any] | Callable[[dict[str, Any]], Any]
"""Raw bytes, a message object, or a function from the request to either."""


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

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Give status and bytes for the next request."""
        number = len(self.requests)
        self.requests.append(body)
        status = self.status[number] if number < len(self.status) else 200
        reply = self.replies[min(number, len(self.replies) - 1)]
        if callable(reply):
            reply = reply(json.loads(body))
        return status, reply if isinstance(reply, bytes) else completion(reply)


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
