"""The MCP server at /mcp: every request carries a bearer token, every tool checks whose it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.auth import AccessToken, TokenVerifier
from fastmcp.server.dependencies import get_access_token
from fastmcp.tools import Tool as McpTool
from fastmcp.tools import ToolResult
from pydantic import PrivateAttr

from agent.assembly import App
from agent.toolbox.tool import Tool
from api.http.limits import Limits
from api.verbs import assistants
from api.verbs.acting import Acting
from api.verbs.shop_tools import ShopTool
from memory.domain.errors import InvalidInput, NotAuthenticated, SecondOrderError
from memory.domain.principal import Principal

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PATH = "/mcp"
SHOP = "shop_id"
INSTRUCTIONS = (
    "Plans retention campaigns after the purchase. Call store_overview first; check_plan and price_plan take the same "
    "draft that submit_plan stores. A stored plan is a draft: people approve it. No answer holds personal data."
)


class Bearer(TokenVerifier):
    """Takes the tokens of the HTTP API and nothing else."""

    def __init__(self, app: App) -> None:
        """Look tokens up in the installation."""
        super().__init__()
        self._app = app

    async def verify_token(self, token: str) -> AccessToken | None:
        """Give whose token it is, or none."""
        found = await asyncio.to_thread(principal_of, self._app, token)
        return AccessToken(token=token, client_id=found.id, scopes=list(found.scopes)) if found else None


class PlannerTool(McpTool):
    """One tool of the planner or of the shop, as the protocol shows it; `shop_id` says where."""

    _app: App = PrivateAttr()
    _limits: Limits = PrivateAttr()
    _tool: Tool | ShopTool = PrivateAttr()

    @classmethod
    def of(cls, tool: Tool | ShopTool, app: App, limits: Limits) -> "PlannerTool":
        """Wrap a tool of ours."""
        made = cls(name=tool.name, description=tool.description, parameters=with_shop(tool.schema()))
        made._app, made._limits, made._tool = app, limits, tool
        return made

    async def run(self, arguments: dict[str, Any]) -> ToolResult:
        """Check the caller anew, call the tool, give its small JSON answer."""
        return await asyncio.to_thread(self._answer, dict(arguments), caller(self._app))

    def _answer(self, arguments: dict[str, Any], principal: Principal) -> ToolResult:
        try:
            self._limits.account.take(principal.id)
            acting = Acting(app=self._app, principal=principal, shop_id=shop_of(principal, arguments.pop(SHOP, "")))
            return ToolResult(structured_content=assistants.call(acting, self._tool.name, arguments))
        except SecondOrderError as error:
            raise ToolError(f"{error.code}: {error}") from None


def principal_of(app: App, token: str) -> Principal | None:
    """Give whose API token it is, or none."""
    with app.store.read() as uow:
        return uow.principals.by_token(token, app.clock.now())


def caller(app: App) -> Principal:
    """Give who calls the present tool; a call that came past the bearer check has nobody and is refused."""
    token = get_access_token()
    found = principal_of(app, token.token) if token else None
    if found is None:
        raise ToolError(f"{NotAuthenticated.__name__}: {NotAuthenticated()}")
    return found


def shop_of(principal: Principal, named: object) -> str:
    """Give the shop of a call: the named one, or the only one the caller has a role in."""
    shops = principal.shops()
    if isinstance(named, str) and named:
        return named
    if len(shops) != 1:
        raise InvalidInput(what="the call", why="it names no shop", remedy=f"Give {SHOP}")
    return shops[0]


def with_shop(schema: dict[str, Any]) -> dict[str, Any]:
    """Give a tool's schema with the shop beside its own arguments."""
    about = {"type": "string", "description": "The shop; may be left out by whoever has a role in one only."}
    return {**schema, "type": "object", "properties": {**schema.get("properties", {}), SHOP: about}}


def make_server(app: App, limits: Limits) -> FastMCP[None]:
    """Give the server with every tool on it."""
    server: FastMCP[None] = FastMCP(
        "Second Order", instructions=INSTRUCTIONS, auth=Bearer(app), mask_error_details=True
    )
    for tool in assistants.tools():
        server.add_tool(PlannerTool.of(tool, app, limits))
    return server


def mount(api: FastAPI, app: App, limits: Limits) -> None:
    """Hang the server under /mcp; its session manager lives as long as the application."""
    inner = make_server(app, limits).http_app(path="/", stateless_http=True, json_response=True)
    api.mount(PATH, inner)
    api.router.lifespan_context = _both(api.router.lifespan_context, inner.lifespan, inner)


def _both(
    outer: Callable[[Any], AbstractAsyncContextManager[Any]],
    inner: Callable[[Any], AbstractAsyncContextManager[Any]],
    inner_app: "ASGIApp",
) -> Callable[[Any], AbstractAsyncContextManager[Any]]:
    @asynccontextmanager
    async def lifespan(api: Any) -> AsyncIterator[Any]:
        async with AsyncExitStack() as stack:
            state = await stack.enter_async_context(outer(api))
            await stack.enter_async_context(inner(inner_app))
            yield state

    return lifespan
