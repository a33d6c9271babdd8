"""Who calls: a bearer token becomes a principal, and each route names the permission it needs."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.verbs.acting import Acting
from memory.domain.base import ShopId
from memory.domain.errors import InvalidInput, NotAuthenticated, NotPermitted
from memory.domain.principal import Permission, Principal

from .limits import Limits, address_of

if TYPE_CHECKING:
    from agent.assembly import App

__all__ = [
    "PUBLIC",
    "Acting",
    "UnguardedRoute",
    "bearer",
    "caller",
    "guard_routes",
    "installation",
    "limits",
    "needs",
    "permission_of",
    "routes_of",
]

BEARER = HTTPBearer(auto_error=False, description="A token made with `secondorder token create`.")
PUBLIC = (
    "/health",
    "/ready",
    "/docs",
    "/openapi.json",
    "/",
    "/u/{token}",
    "/unsubscribe/{token}",
    "/webhooks/shopify",
    "/sign-in",
    "/sign-in/oidc",
    "/sign-in/oidc/callback",
    "/sign-out",
    "/preferences/{token}",
    "/confirm/{token}",
    "/thanks/{token}",
    "/thanks/{token}/clicks",
    "/thanks.js",
    "/hooks/twilio/{shop_id}",
    "/hooks/twilio/{shop_id}/status/{send_key}",
    "/hooks/provider/{shop_id}",
)
"""Every route that needs no token (a webhook is signed); anything else without `needs(...)` stops the start."""

ShopQuery = Annotated[
    ShopId | None, Query(description="The shop; may be left out by whoever has a role in one shop only.")
]


class UnguardedRoute(RuntimeError):
    """A route neither names a permission nor is listed as public."""


def installation(request: Request) -> "App":
    """Give the installation behind the request."""
    app: App = request.app.state.installation
    return app


def caller(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Principal:
    """Give whoever the bearer token belongs to, and nobody by cookie; raises `NotAuthenticated`, `TooManyRequests`.

    Calls count against their account; those without a valid token against their address.
    """
    address = address_of(request.scope, installation(request).settings.trusted_proxies)
    return bearer(installation(request), limits(request), credentials.credentials if credentials else "", address)


def bearer(app: "App", counters: Limits, token: str, address: str) -> Principal:
    """Give whose token it is; raises `NotAuthenticated`, `TooManyRequests`."""
    principal = None
    if token:
        with app.store.read() as uow:
            principal = uow.principals.by_token(token, app.clock.now())
    if principal is None:
        counters.address.take(address)
        raise NotAuthenticated()
    counters.account.take(principal.id)
    return principal


def limits(request: Request) -> Limits:
    """Give the server's counters."""
    found: Limits = request.app.state.limits
    return found


def needs(permission: Permission) -> Callable[..., Acting]:
    """Give the dependency that lets a request through only with this permission in the shop."""

    def acting(request: Request, principal: Annotated[Principal, Depends(caller)], shop_id: ShopQuery = None) -> Acting:
        shop = shop_id or _only_shop(principal, permission)
        principal.require(permission, shop)
        return Acting(app=installation(request), principal=principal, shop_id=shop)

    acting.permission = permission  # type: ignore[attr-defined]
    return acting


def permission_of(route: APIRoute) -> Permission | None:
    """Give the permission a route needs; none for a public one."""
    for dependency in route.dependant.dependencies:
        found: Permission | None = getattr(dependency.call, "permission", None)
        if found:
            return found
    return None


def routes_of(holder: FastAPI | APIRouter) -> Iterator[APIRoute]:
    """Give every route, those of included routers too."""
    for route in holder.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_of(included)
        elif isinstance(route, APIRoute):
            yield route


def guard_routes(api: FastAPI) -> None:
    """Refuse to start with a route that nobody guards, and write each permission into the OpenAPI document."""
    for route in routes_of(api):
        permission = permission_of(route)
        if permission is None and route.path not in PUBLIC:
            raise UnguardedRoute(route.path)
        if permission:
            route.openapi_extra = {**(route.openapi_extra or {}), "x-permission": permission}


def _only_shop(principal: Principal, permission: Permission) -> str:
    shops = {grant.shop_id for grant in principal.grants}
    if not shops:
        raise NotPermitted(principal=principal.id, permission=permission, shop_id="(none)")
    if len(shops) > 1:
        raise InvalidInput(what="the request", why="it names no shop", remedy="Add ?shop_id=...")
    return shops.pop()
