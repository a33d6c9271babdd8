"""The servers of benchmarks over HTTP, each a process of its own: the workspace, public pages, and a bare page."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI

from memory.domain.clock import ManualClock

from .measure import ROOT

WHO = "bench-admin"
BARE = "<!doctype html><html lang=en><title>Bare</title><body><header class=so-rail>Bare</header><div class=so-page>" \
    "<h2>Bare</h2><ul>" + "".join(f"<li>Line {n}</li>" for n in range(60)) + "</ul></div></body></html>"  # fmt: skip


class Server(NamedTuple):
    """A server that runs."""

    address: str
    """Its address."""
    token: str
    """A token of somebody who may see every page; empty for the bare page."""
    pid: int
    """Its process."""

    def resident_mb(self) -> float:
        """Give its resident memory in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        [line] = [line for line in lines if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024


@contextmanager
def started(who: str, folder: str) -> Iterator[Server]:
    """Start a server in a process of its own and end it with the block."""
    command = [sys.executable, "-m", "benchmarks.workspace_served", who, folder]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None, "both are pipes"
        line = process.stdout.readline()
        try:
            yield Server(**json.loads(line), pid=process.pid)
        finally:
            process.stdin.close()
            process.wait(60)


def workspace(folder: Path) -> tuple[FastAPI, str]:
    """Give the product's own application over the shop in `folder`, and a token of an admin."""
    from agent.assembly import assemble
    from agent.settings import load_settings
    from api.http.app import create_api
    from memory.domain.principal import Grant, Principal

    shop_id, at = json.loads((folder / "at.json").read_text())
    clock, home = ManualClock(datetime.fromisoformat(at)), folder / "home"
    settings = load_settings(home=home, database_url=f"sqlite:///{home / 'secondorder.db'}", lake=home / "lake",
                             mailbox=home / "mailbox", smtp_url="", webhook_url="",
                             requests_per_minute=1_000_000)  # fmt: skip
    app = assemble(settings, clock)
    admin = Principal(id=WHO, name=WHO, grants=(Grant(shop_id=shop_id, role="admin"),))
    with app.store.unit_of_work() as uow:
        uow.principals.add(admin, clock.now())
        token = uow.principals.create_token(WHO, clock.now() + timedelta(days=1), at=clock.now())
    return create_api(app, workspace=True), token


def thanks(folder: Path) -> tuple[FastAPI, str]:
    """Give the product's public pages over the store in `folder`; they need no token."""
    from agent.assembly import assemble
    from agent.settings import load_settings
    from api.http.app import create_api

    _, at = json.loads((folder / "at.json").read_text())
    settings = load_settings(home=folder / "home", requests_per_minute=1_000_000, log_level="error")
    return create_api(assemble(settings, ManualClock(datetime.fromisoformat(at)))), ""


def bare(_folder: Path) -> tuple[FastAPI, str]:
    """Give an application that answers every address with the same page and does nothing else."""
    from fastapi.responses import HTMLResponse

    api = FastAPI()

    @api.get("/{path:path}")
    def page(path: str) -> HTMLResponse:
        return HTMLResponse(BARE)

    return api, ""


def main(who: str, folder: str) -> None:
    """Serve on a free port of loopback until standard input ends; the first line printed says where."""
    import socket

    import uvicorn

    api, token = {"workspace": workspace, "thanks": thanks, "bare": bare}[who](Path(folder))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    print(json.dumps({"address": f"http://127.0.0.1:{port}", "token": token}), flush=True)
    sys.stdin.read()
    server.should_exit = True
    thread.join(20)


if __name__ == "__main__":
    main(*sys.argv[1:])
