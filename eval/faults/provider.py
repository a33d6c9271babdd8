"""A provider on loopback that keeps a journal, and the sender that speaks to it: the oracle outside the application.

The journal is an append-only file, synced before the answer: one line per hand-off that the provider accepted, with
the key, the size and the instant that the sender's clock showed.
"""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from memory.domain.clock import Clock
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered
from memory.faults import fault

TIMEOUT_SECONDS = 20.0


class LoopbackSender:
    """Hands off over a socket, with a fault point at each place where a cut matters."""

    name = "loopback"
    is_live = False
    key_life: timedelta | None = None

    def __init__(self, port: int, kind: ProviderKind, clock: Clock) -> None:
        """Speak to the provider at `port`, which deduplicates by key where it is `keyed`."""
        self._port, self.kind, self._clock = port, kind, clock

    def hand_off(self, message: Rendered) -> HandOff:
        """Send the message; whatever is cut after the first byte of the body is ambiguous."""
        body = json.dumps({"to": message.to, "subject": message.subject, "text": message.text}).encode()
        said = {"key": message.send_key, "n": len(body), "kind": self.kind, "at": self._clock.now().isoformat()}
        head = json.dumps(said).encode() + b"\n"
        try:
            line = socket.create_connection(("127.0.0.1", self._port), TIMEOUT_SECONDS)
        except OSError as problem:
            return Refused(reason=f"connect: {type(problem).__name__}", is_retryable=True)
        with line:
            fault("K2")
            try:
                line.sendall(head + body[: len(body) // 2])
                fault("K3")
                line.sendall(body[len(body) // 2 :])
                fault("K4")
                answer = line.recv(1)
                fault("K5")
                while answer and not answer.endswith(b"\n"):
                    answer += line.recv(100) or b"\n"
            except OSError as problem:
                return Ambiguous(reason=type(problem).__name__)
        if not answer.startswith(b"C"):
            return Ambiguous(reason="no answer")
        return Accepted(receipt=message.send_key[:12], at=self._clock.now())


@contextmanager
def serving(journal: Path) -> Iterator[int]:
    """Run a provider that appends to `journal` in a process of its own, and kill it at the end; gives its port."""
    child, port = _start(journal)
    try:
        yield port
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _start(journal: Path) -> tuple[int, int]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    port: int = listening.getsockname()[1]
    child = os.fork()
    if child == 0:
        _serve(listening, journal)
    listening.close()
    return child, port


def read_journal(journal: Path) -> list[str]:
    """Give the keys of accepted hand-offs in order; a cut last line counts as none."""
    return [line.split(" ")[0] for line in _lines(journal)]


def read_instants(journal: Path) -> list[tuple[str, datetime]]:
    """Give key and instant of accepted hand-offs in order."""
    found = [line.split() for line in _lines(journal)]
    return [(key, datetime.fromisoformat(at)) for key, _, at in found]


def _lines(journal: Path) -> list[str]:
    if not journal.exists():
        return []
    text = journal.read_text(encoding="utf-8")
    return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]


class _Journal:
    """What the provider keeps; senders are served side by side, so that a stopped one holds up no other."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._known, self._lock = set(read_journal(path)), threading.Lock()

    def serve(self, line: socket.socket) -> None:
        with line:
            line.settimeout(TIMEOUT_SECONDS)
            try:
                self._one(line)
            except (OSError, ValueError):
                return  # the sender died: a body that is not whole is no message

    def _one(self, line: socket.socket) -> None:
        with line.makefile("rb") as incoming:
            head = json.loads(incoming.readline())
            body = incoming.read(head["n"])
        if len(body) != head["n"]:
            return
        with self._lock:
            if head["kind"] != "keyed" or head["key"] not in self._known:
                os.write(self._handle, f"{head['key']} {len(body)} {head['at']}\n".encode())
                os.fsync(self._handle)
                self._known.add(head["key"])
        line.sendall(b"C")
        line.sendall(b"OK\n")


def _serve(listening: socket.socket, journal: Path) -> NoReturn:
    kept = _Journal(journal)
    while True:
        line, _ = listening.accept()
        threading.Thread(target=kept.serve, args=(line,), daemon=True).start()
