"""A vendor's server on the loopback, and a bot that posts to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from memory.domain.approval_rules import BotVendor
from memory.domain.message import HandOff
from tests.servers.bots import PATHS, BotVendorServer
from tests.servers.http import FaultServer
from tools.notify import BotAddress, Said, bot_of, post

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
SAID = Said(
    title="A plan waits",
    lines=("Winter *plan* [x](http://evil.invalid)", "Until 2026-12-15 10:00 (Europe/Berlin)"),
    link="https://so.example.invalid/ui/approvals/a1?view=summary",
    link_words="Open the summary",
)


class Rig:
    """What a test talks to."""

    def __init__(self, server: FaultServer, vendor: BotVendorServer) -> None:
        self.server, self.vendor = server, vendor
        self.slept: list[float] = []

    def send(self, *, secret: str = "", path: str = "", said: Said = SAID) -> HandOff:
        address = BotAddress(url=self.server.url + (path or PATHS[self.vendor.vendor]), secret=secret)
        bot = bot_of(self.vendor.vendor)
        return post(bot, address, said, AT, allows_loopback=True, sleep=self.slept.append)


@contextmanager
def serving_bot(vendor: BotVendor, secret: str = "") -> Iterator[Rig]:
    made = BotVendorServer(vendor, secret)
    server = FaultServer(made)
    try:
        yield Rig(server, made)
    finally:
        server.stop()
