"""Builds the HTTP application over an installation."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from agent.assembly import App

from . import docs_page, errors, health, hooks, log, preferences, sign_in, thanks, unsubscribe, webhooks
from .access import guard_routes
from .limits import Limits
from .middleware import Passage
from .routes import ROUTERS

DESCRIPTION = """
Second Order plans, guards, sends and proves retention campaigns for the time after the purchase.

Every route but the public ones takes `Authorization: Bearer TOKEN`. A token's principal holds roles per shop; each
route names the permission it needs as `x-permission`. Every refusal has one body: `{code, message, details}`.
Ids are strings, money is integer minor units with an ISO currency, instants are aware, rates are between 0 and 1.
"""


def create_api(app: App, *, workspace: bool = False, mcp: bool = False) -> FastAPI:
    """Give the application: JSON API, public pages and, where asked for, the workspace under /ui and MCP at /mcp."""
    log.set_up(app.settings.log_level)
    api = FastAPI(
        title="Second Order",
        version=version("second-order"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(app),
        generate_unique_id_function=_operation_id,
    )
    api.state.installation = app
    api.state.limits = limits = Limits(app.settings.requests_per_minute)
    errors.install(api)
    mail, posted = (unsubscribe.router, preferences.router, thanks.router), (webhooks.router, hooks.router)
    for router in (health.router, *mail, *posted, sign_in.router, docs_page.router, *ROUTERS):
        api.include_router(router)
    api.add_api_route("/", _front, methods=["GET"], include_in_schema=False)
    guard_routes(api)
    if mcp:
        from api.mcp.server import mount as mount_mcp

        mount_mcp(api, app, limits)
    if workspace:
        from api.ui.mount import mount

        mount(api, app)
    api.add_middleware(
        Passage,
        public_url=app.settings.public_url,
        max_upload_bytes=app.settings.max_upload_mb * 2**20,
        counter=limits.address,
        trusted_proxies=app.settings.trusted_proxies,
    )
    return api


def _lifespan(app: App) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        import agent.runs.switch  # noqa: F401  the first stop of a server must not wait for it

        yield
        app.close()

    return lifespan


def _operation_id(route: APIRoute) -> str:
    return f"{route.tags[0] if route.tags else 'public'}_{route.name}".replace("-", "_")


def _front() -> RedirectResponse:
    """Lead to the workspace."""
    return RedirectResponse("/ui/", 307)
