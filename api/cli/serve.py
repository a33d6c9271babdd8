"""`secondorder serve`: the HTTP API, the public pages and the workspace."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from memory.domain.principal import Role

from .command import command
from .desk import Desk

if TYPE_CHECKING:
    from agent.assembly import App

DEMO_MARK = "demo.json"
DEMO_HOURS = 12
DEMO_ROLES: tuple[Role, ...] = ("marketer", "approver")


class DemoToken(NamedTuple):
    """A token that a demo home gives away."""

    role: str
    """What its owner is."""
    name: str
    """Who that is."""
    token: str
    """The token."""


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
    made = demo_tokens(app)
    tokens = {one.role: one.token for one in made}
    desk.emit(
        {"workspace": f"{address}/ui", "api": f"{address}/docs", "mcp": f"{address}/mcp/", "tokens": tokens},
        f"Workspace  {address}/ui",
        f"API        {address}/docs",
        f"Assistants {address}/mcp/",
        *token_lines(made),
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


def demo_tokens(app: "App") -> tuple[DemoToken, ...]:
    """Give a fresh token per role for a demo home's first marketer and approver; none for any other home.

    Two, because who drafts a plan cannot approve it.
    """
    if not (app.settings.home / DEMO_MARK).is_file():
        return ()
    now, made = app.clock.now(), []
    with app.store.unit_of_work() as uow:
        everyone = uow.principals.all()
        for role in DEMO_ROLES:
            who = next((one for one in everyone if any(grant.role == role for grant in one.grants)), None)
            if who is not None:
                uow.audit.append(who.id, "token.create", f"principal:{who.id}", now, {"hours": DEMO_HOURS})
                token = uow.principals.create_token(who.id, now + timedelta(hours=DEMO_HOURS), at=now)
                made.append(DemoToken(role, who.name, token))
    return tuple(made)


def token_lines(made: tuple[DemoToken, ...]) -> tuple[str, ...]:
    """Say which token is whose, or how to make one."""
    if not made:
        return ("Token      make one with: secondorder token create",)
    people = (f"{one.name}, {one.role}" for one in made)
    width = max(len(f"{one.name}, {one.role}") for one in made)
    lines = (f"Token      {who:<{width}}  {one.token}" for who, one in zip(people, made, strict=True))
    return (*lines, f"           for this demo home only, {DEMO_HOURS} hours; sign in with an access token")
