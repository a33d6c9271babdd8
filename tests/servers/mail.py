"""An SMTP server that keeps what it gets; a recipient's name decides how it misbehaves."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from socket import socket
from typing import Any

from aiosmtpd.controller import Controller

from .journal import Journal


class Mails:
    """What aiosmtpd calls."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.taken: list[bytes] = []
        self.hangs = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refused"):
            return "550 no such person"
        if address.startswith("gone"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.hangs:
            await asyncio.sleep(3600)
        self.taken.append(envelope.content)
        self.journal.write(key=sha256(envelope.content).hexdigest(), to=envelope.rcpt_tos[0])
        if envelope.rcpt_tos[0].startswith("lost"):
            server.transport.abort()
        return "250 taken"


@contextmanager
def mail_server(journal: Journal) -> Iterator[tuple[Mails, str]]:
    """Run one and give what it keeps and its address."""
    mails = Mails(journal)
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(mails, hostname="127.0.0.1", port=port, ready_timeout=20)
    server.start()
    try:
        yield mails, f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()
