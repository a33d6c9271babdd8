"""A provider on loopback that keeps a journal, and the sender that speaks to it: the oracle outside the application.

The journal is an append-only file, synced before the answer: one line per hand-off that the provider accepted.
"""

import json
import os
import socket
from datetime import timedelta
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
        head = json.dumps({"key": message.send_key, "n": len(body), "kind": self.kind}).encode() + b"\n"
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


def start_provider(journal: Path) -> tuple[int, int]:
    """Fork a provider that appends to `journal`; give its process id and port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    port: int = listening.getsockname()[1]
    child = os.fork()
    if child == 0:
        _serve(listening, journal)
    listening.close()
    return child, port


def read_journal(journal: Path) -> list[str]:
    """Give the keys of accepted hand-offs in order; a cut last line counts as none."""
    if not journal.exists():
        return []
    text = journal.read_text(encoding="utf-8")
    return [line.split(" ")[0] for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _serve(listening: socket.socket, journal: Path) -> NoReturn:
    handle = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    known: set[str] = set(read_journal(journal))
    while True:
        line, _ = listening.accept()
        with line:
            line.settimeout(TIMEOUT_SECONDS)
            try:
                _one(line, handle, known)
            except (OSError, ValueError):
                continue  # the sender died: a body that is not whole is no message


def _one(line: socket.socket, handle: int, known: set[str]) -> None:
    with line.makefile("rb") as incoming:
        head = json.loads(incoming.readline())
        body = incoming.read(head["n"])
        if len(body) != head["n"]:
            return
        if head["kind"] != "keyed" or head["key"] not in known:
            os.write(handle, f"{head['key']} {len(body)}\n".encode())
            os.fsync(handle)
            known.add(head["key"])
        line.sendall(b"C")
        line.sendall(b"OK\n")
