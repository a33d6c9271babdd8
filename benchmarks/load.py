"""Dispatch of 100,000 messages over HTTP to a server on loopback, all checks on, beside a bare loop that posts as many.

Both run in processes of their own and speak to a server in a third one; the bare loop has one body, the same client
and no store. Preparing the shop (people, plan, tick) is not measured.
"""

import multiprocessing
import socketserver
import tempfile
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from agent.dispatch import dispatch
from agent.dispatch.warming import domain_of
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.warm_ups import WarmUp
from tests.factories.doing import LIVE_AT, a_world
from tools.channels.reach import Reach
from tools.channels.webhook import WebhookSender
from tools.channels.wire import Wire

from .measure import Figure, contend, measure

KEY = b"a key for benchmarks, 32 bytes.."
SECRET = "whsec_" + "c2Vjb25kLW9yZGVyLWJlbmNobWFyay1rZXk="
N_PEOPLE = 107_800
"""Some seven in a hundred are withheld or refused: 100,000 messages."""
BODY_BYTES = 900
AT = LIVE_AT + timedelta(days=1, hours=10)


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True


def run(short: bool) -> list[Figure]:
    """Give the clock, CPU and peak memory of dispatching and of the bare loop."""
    with tempfile.TemporaryDirectory() as name, _Server(("127.0.0.1", 0), _Answering) as server:
        child = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
        child.start()
        url, folder = f"http://127.0.0.1:{server.server_address[1]}/", Path(name)
        _prepare(folder, 300 if short else N_PEOPLE)
        ours = measure("benchmarks.load", "ours", str(folder), url)
        peer = measure("benchmarks.load", "bare", ours.result, url)
        child.kill()
    n = int(ours.result)
    print(f"  {n:,} messages: {n / ours.wall_seconds:,.0f}/s, bare loop {n / peer.wall_seconds:,.0f}/s")
    return [
        Figure(f"{n:,} messages over HTTP, clock", ours.wall_seconds, peer.wall_seconds, "s", "bare loop"),
        Figure(f"{n:,} messages over HTTP, CPU", ours.cpu_seconds, peer.cpu_seconds, "s", "bare loop"),
        Figure("peak memory of the dispatching process", ours.peak_mb, peer.peak_mb, "MB", "bare loop", "<= 500 MB"),
    ]


def _prepare(folder: Path, n: int) -> None:
    """Make a shop whose live plan has a message due for nearly each of `n` people."""
    store, lake, clock = open_store(f"sqlite:///{folder / 'store.db'}"), Lake(folder / "lake"), ManualClock(LIVE_AT)
    store.migrate()
    world = a_world(store, lake, n)
    go_live(store, lake, clock, KEY, world.approved)
    tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
    with store.unit_of_work() as uow:
        uow.consents.declare_no_suppressions("nord", "email", "mia", LIVE_AT)
        warm = WarmUp(domain=domain_of(world.shop), started_at=LIVE_AT, counted_from=LIVE_AT, is_done=True)
        uow.warm_ups.put("nord", warm)
    store.close()


def ours(folder: str, url: str) -> str:
    """Dispatch what is due; give how many messages left."""
    store, clock = open_store(f"sqlite:///{folder}/store.db"), ManualClock(AT)
    sender = WebhookSender(url, SECRET, clock, reach=Reach(allows_loopback=True))
    report = dispatch(store, {"email": sender}, clock, KEY, "nord", lake=Lake(Path(folder) / "lake"))
    sender.close()
    store.close()
    return str(report.n_sent)


def bare(n: str, url: str) -> str:
    """Post as many bodies, one after the other over one connection; give how many."""
    wire, body, headers = Wire(Reach(allows_loopback=True), total_seconds=10.0), b"x" * BODY_BYTES, {"x-bare": "1"}
    for _ in range(int(n)):
        wire.post(url, body, headers)
    wire.close()
    return n


if __name__ == "__main__":
    contend({"ours": ours, "bare": bare})
