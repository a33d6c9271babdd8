"""`secondorder serve`: the HTTP API, the public pages and the workspace."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk

if TYPE_CHECKING:
    from agent.assembly import App

DEMO_MARK = "demo.json"
DEMO_HOURS = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "serve")(serve)


def serve(
    desk: Desk,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 0,
    runs: Annotated[
        bool | None, typer.Option("--runs/--no-runs", help="Carry out runs and send as well; not in a demo home.")
    ] = None,
) -> None:
    """Serve the API, the public pages, the workspace and MCP until stopped."""
    import uvicorn

    from api.http.app import create_api
    from api.http.door import Door

    app = desk.app
    settings = app.settings
    at = (host or settings.host, port or settings.port)
    api = create_api(app, workspace=True, mcp=True)
    api.state.door = door = Door()
    address = f"http://{at[0]}:{at[1]}"
    token = demo_token(app)
    desk.emit(
        {"workspace": f"{address}/ui", "api": f"{address}/docs", "mcp": f"{address}/mcp/", "token": token},
        f"Workspace  {address}/ui",
        f"API        {address}/docs",
        f"Assistants {address}/mcp/",
        f"Token      {token}  (this demo home only, {DEMO_HOURS} hours)"
        if token
        else "Token      make one with: secondorder token create",
    )
    works = not (app.settings.home / DEMO_MARK).is_file() if runs is None else runs
    with working(app) if works else nullcontext():
        # proxy_headers: who calls is decided by SECONDORDER_TRUSTED_PROXIES, not by whoever sends X-Forwarded-For
        uvicorn.run(
            api,
            host=at[0],
            port=at[1],
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=door.protocol,  # type: ignore[arg-type]  # a class by its name, called like one
        )


@contextmanager
def working(app: "App") -> "Iterator[None]":
    """Have a worker beside the server."""
    from agent.runs.worker import RunWorker

    worker = RunWorker(app, "serve")
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def demo_token(app: "App") -> str:
    """Give a fresh token for a demo home's first marketer; empty for any other home."""
    if not (app.settings.home / DEMO_MARK).is_file():
        return ""
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        people = [one for one in uow.principals.all() if any(grant.role == "marketer" for grant in one.grants)]
        if not people:
            return ""
        uow.audit.append(people[0].id, "token.create", f"principal:{people[0].id}", now, {"hours": DEMO_HOURS})
        return uow.principals.create_token(people[0].id, now + timedelta(hours=DEMO_HOURS), at=now)
