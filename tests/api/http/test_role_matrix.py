"""Every role at every route, from the OpenAPI document: what a cell of docs/access.md says is what HTTP answers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.access import permission_of, routes_of
from api.http.app import create_api
from api.http.middleware import COOKIE_POSTS, PUBLIC_POSTS, SAFE_METHODS, SHOP_PAGE_POSTS
from memory.domain.clock import ManualClock
from memory.domain.principal import PERMISSIONS, Permission, Role
from tests.api.conftest import SHOP, token_of
from tests.factories.shop import a_shop
from tests.factories.small_shop import ANCHOR_AT
from tests.house.access import PAGE, page

pytestmark = pytest.mark.slow
OTHER = "beta"
ROLES: tuple[Role, ...] = get_args(Role)
FILLED = {"plan_id": "a" * 64, "token_id": "a" * 8, "principal_id": "nobody", "person_id": "p" + "a" * 24}


class Guarded:
    """One application with a principal per role, made once."""

    app: App
    api: FastAPI
    client: TestClient
    headers: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    made = Guarded()
    home = Path(tmp_path_factory.mktemp("matrix")) / "home"
    made.app = assemble(load_settings(home=home, requests_per_minute=100_000), ManualClock(ANCHOR_AT))
    with made.app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.shops.add(a_shop(shop_id=OTHER))
    made.headers = {role: token_of(made.app, f"p-{role}", role) for role in ROLES}
    made.headers["elsewhere"] = token_of(made.app, "p-elsewhere", *ROLES, shop_id=OTHER)
    made.headers["nobody"] = {}
    made.headers["forged"] = {"Authorization": "Bearer so_" + "x" * 43}
    made.api = create_api(made.app)
    with TestClient(made.api, raise_server_exceptions=False) as made.client:
        yield made
    made.app.close()


def _operations(api: FastAPI) -> list[tuple[str, str, Permission, dict[str, Any]]]:
    return [
        (method.upper(), path, row["x-permission"], row)
        for path, rows in api.openapi()["paths"].items()
        for method, row in rows.items()
        if "x-permission" in row
    ]


def _call(guarded: Guarded, who: str, method: str, path: str, **more: Any) -> Any:
    address = re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "a" * 32), path)
    return guarded.client.request(method, address, headers=guarded.headers[who], **more)


@pytest.mark.parametrize("role", ROLES)
def test_d3_every_cell_of_the_matrix(guarded: Guarded, role: Role) -> None:
    n_cells = {True: 0, False: 0}
    for method, path, permission, _ in _operations(guarded.api):
        answer = _call(guarded, role, method, path)
        allowed = permission in PERMISSIONS[role]
        is_refused = answer.status_code == 403 and answer.json()["code"] == "NotPermitted"
        assert is_refused != allowed, (role, method, path, answer.status_code)
        assert answer.status_code not in (401, 405, 500), (role, method, path)
        n_cells[allowed] += 1
    assert sum(n_cells.values()) > 45
    assert n_cells[True] >= (1 if role == "intake" else 4)  # a shop's own system hands deeds in and does nothing else


@pytest.mark.parametrize("who", ["nobody", "forged"])
def test_d3_no_cell_without_a_token(guarded: Guarded, who: str) -> None:
    for method, path, _, _ in _operations(guarded.api):
        answer = _call(guarded, who, method, path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), (method, path)


def test_d3_every_role_in_another_shop_is_none_in_this_one(guarded: Guarded) -> None:
    for method, path, _, _ in _operations(guarded.api):
        answer = _call(guarded, "elsewhere", method, path, params={"shop_id": SHOP})
        assert (answer.status_code, answer.json()["code"]) == (403, "NotPermitted"), (method, path)


def test_d3_a_token_in_the_address_opens_nothing(guarded: Guarded) -> None:
    token = guarded.headers["admin"]["Authorization"].removeprefix("Bearer ")
    for name in ("token", "access_token", "authorization"):
        assert guarded.client.get("/api/me", params={name: token}).status_code == 401


MASS = {"approved_by": "p-marketer", "decided_by": "p-marketer", "role": "admin", "status": "approved", "grants": []}


def _bodies(guarded: Guarded) -> list[tuple[str, str, str, dict[str, Any]]]:
    schemas = guarded.api.openapi()["components"]["schemas"]
    found: list[tuple[str, str, str, dict[str, Any]]] = []
    for method, path, permission, row in _operations(guarded.api):
        content = row.get("requestBody", {}).get("content", {})
        reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        if reference:
            schema = schemas[reference.rpartition("/")[2]]
            role = next(role for role in ROLES if permission in PERMISSIONS[role])
            found.append((method, path, role, schema))
    return found


def test_d3_no_body_takes_a_field_it_does_not_name(guarded: Guarded) -> None:
    """Mass assignment: approved_by, role, status and the like are refused wherever they are not the point."""
    bodies = _bodies(guarded)
    assert len(bodies) > 8
    for method, path, role, schema in bodies:
        for name, value in MASS.items():
            if name in schema.get("properties", {}):
                continue
            answer = _call(guarded, role, method, path, json={name: value})
            assert answer.status_code == 422, (method, path, name)
            problems = answer.json().get("details", {}).get("problems", [])
            assert any(one["at"].endswith(name) and "xtra" in one["why"] for one in problems) or not problems


PERSONAL = re.compile(r"^(e?mail|address|phone|first_name|last_name|push_token|to|postal_.*)$")


def test_d3_no_answer_an_evaluator_or_support_gets_has_a_field_for_personal_data(guarded: Guarded) -> None:
    document = guarded.api.openapi()
    schemas = document["components"]["schemas"]

    def fields(schema: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        if isinstance(schema, dict):
            name = str(schema.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                yield from fields(schemas[name], seen | {name})
            yield from schema.get("properties", {})
            for inner in schema.values():
                yield from fields(inner, seen)
        elif isinstance(schema, list):
            for inner in schema:
                yield from fields(inner, seen)

    personal = {}
    for method, path, permission, row in _operations(guarded.api):
        if permission in PERMISSIONS["evaluator"] | PERMISSIONS["support"]:
            ok = row["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
            found = {name for name in fields(ok) if PERSONAL.match(name)} - {"postal_address", "address"}
            if found:
                personal[f"{method} {path}"] = found
    assert not personal


EXEMPT = {
    "/u/{token}": "mail providers unsubscribe for people; the link carries the right",
    "/unsubscribe/{token}": "the same for messages of before",
    "/preferences/{token}": "pages of messages are opened inside mail programmes; the link carries the right",
    "/confirm/{token}": "the same",
    "/thanks/{token}/clicks": "the shop's own page says what was clicked; the link carries the right",
    "/hooks/twilio/{shop_id}": "the provider signs what it posts",
    "/hooks/twilio/{shop_id}/status/{send_key}": "the provider signs what it posts",
    "/hooks/provider/{shop_id}": "the provider signs what it posts",
}
"""Unsafe routes anybody may post to from anywhere, with the reason."""
SIGNED_POSTS = ("/webhooks/",)
"""Unsafe routes without a token that servers post to, signed and without an origin; pages of other hosts may not."""


def test_d2_every_unsafe_route_refuses_other_origins_or_is_on_the_list(guarded: Guarded) -> None:
    walked, exempt = 0, set()
    for route in routes_of(guarded.api):
        for method in sorted((route.methods or set()) - SAFE_METHODS):
            address = re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "a" * 32), route.path)
            headers = {**guarded.headers["admin"], "Origin": "https://evil.example"}
            answer = guarded.client.request(method, address, headers=headers, json={})
            if route.path in EXEMPT:
                assert address.startswith((*PUBLIC_POSTS, *SHOP_PAGE_POSTS))
                assert not answer.is_success, route.path  # whoever is signed in here opens nothing by that
                exempt.add(route.path)
                continue
            assert (answer.status_code, answer.json()["code"]) == (403, "ForeignOrigin"), (method, route.path)
            text = {**headers, "Content-Type": "text/plain"}  # what a form of another site can send
            assert guarded.client.request(method, address, headers=text, content="{}").status_code == 403
            if permission_of(route) is None:
                assert address.startswith((*COOKIE_POSTS, *SIGNED_POSTS)), route.path
            walked += 1
    assert walked > 15
    assert exempt == set(EXEMPT)


def test_d3_a_json_body_sent_as_text_is_not_read(guarded: Guarded) -> None:
    headers = {**guarded.headers["marketer"], "Content-Type": "text/plain"}
    answer = guarded.client.post("/api/approvals", content='{"plan_id": "aaaaaaaa"}', headers=headers)
    assert answer.status_code == 422


def test_the_matrix_of_the_documents_is_what_the_code_says() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.house.access"


def test_d3_planted_bug_a_route_without_a_permission_stops_the_start() -> None:
    from fastapi import APIRouter

    from api.http.access import UnguardedRoute, guard_routes

    router, api = APIRouter(), FastAPI()
    router.add_api_route("/api/forgotten", lambda: None, methods=["POST"])
    api.include_router(router)
    with pytest.raises(UnguardedRoute):
        guard_routes(api)
