import re
from typing import Any, get_args

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from agent.assembly import App
from api.http.access import PUBLIC, UnguardedRoute, guard_routes, permission_of, routes_of
from memory.domain.principal import PERMISSIONS, Role
from tests.api.conftest import SHOP, token_of

pytestmark = pytest.mark.slow

METHODS = {"get", "post", "put", "patch", "delete"}


_DESCRIBED: list[dict[str, Any]] = []
"""The paths of the OpenAPI description: the same for every installation, and seconds to write."""


def _operations(api: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    if not _DESCRIBED:
        _DESCRIBED.append(api.openapi()["paths"])
    (paths,) = _DESCRIBED
    return [(method, path, row) for path, rows in paths.items() for method, row in rows.items() if method in METHODS]


def _guarded(api: FastAPI) -> list[tuple[str, str, str]]:
    return [(m, re.sub(r"\{\w+\}", "a" * 64, path), row["x-permission"]) for m, path, row in _operations(api)
            if path not in PUBLIC]  # fmt: skip


def test_d3_every_route_is_guarded_or_listed_as_public(api: FastAPI) -> None:
    routes = list(routes_of(api))
    assert len(routes) > 20
    assert {route.path for route in routes if permission_of(route) is None} <= set(PUBLIC)


def test_d3_an_unguarded_route_stops_the_start() -> None:
    router, api = APIRouter(), FastAPI()
    router.add_api_route("/api/open", lambda: None)
    api.include_router(router)
    with pytest.raises(UnguardedRoute):
        guard_routes(api)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer so_wrong"}, {"Authorization": "Basic eDp5"}])
def test_d3_no_route_answers_without_a_token(client: TestClient, api: FastAPI, headers: dict[str, str]) -> None:
    """Each way to have none comes to an installation of its own: all routes three times are more than a minute's."""
    for method, path, _ in _guarded(api):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert set(answer.json()) == {"code", "message", "details"}


@pytest.mark.parametrize("role", get_args(Role))
def test_d3_every_route_refuses_every_role_that_lacks_its_permission(
    client: TestClient, api: FastAPI, installation: App, role: Role
) -> None:
    headers = token_of(installation, "ann", role)
    n_refused = 0
    for method, path, permission in _guarded(api):
        if permission not in PERMISSIONS[role]:
            answer = client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "NotPermitted"), (method, path)
            n_refused += 1
    assert n_refused > 0


def test_d3_a_role_in_another_shop_opens_nothing_here(client: TestClient, api: FastAPI, installation: App) -> None:
    headers = token_of(installation, "ann", "admin", "approver", shop_id="elsewhere")
    for method, path, _ in _guarded(api):
        answer = client.request(method, path, headers=headers, params={"shop_id": SHOP})
        assert answer.status_code == 403, (method, path)


def test_d3_an_agent_may_neither_approve_nor_change_guardrails(
    client: TestClient, api: FastAPI, installation: App
) -> None:
    assert not {"approve", "guardrail", "dispatch", "admin"} & PERMISSIONS["agent"]
    headers = token_of(installation, "robot", "agent")
    reached = {p for m, path, p in _guarded(api) if client.request(m, path, headers=headers).status_code != 403}
    assert reached <= {"self", "read", "plan", "submit"}


def test_every_route_documents_its_answers(api: FastAPI) -> None:
    for method, path, row in _operations(api):
        assert row.get("description"), (method, path)
        assert {"200", "201", "202"} & set(row["responses"]) or path in PUBLIC, (method, path)
        if path not in PUBLIC:
            assert {"400", "401", "403", "422"} <= set(row["responses"]), (method, path)
            assert row["security"], (method, path)
            assert row["responses"]["403"]["content"]["application/json"]["schema"]["$ref"].endswith("ErrorBody")


def test_the_documentation_page_lists_every_route_and_loads_nothing(client: TestClient, api: FastAPI) -> None:
    page = client.get("/docs").text
    for _, path, _ in _operations(api):
        assert path in page
    assert not re.findall(r"(?:src|href)=.https?:", page)


def test_d2_a_page_of_another_host_is_refused(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "ann", "admin")
    foreign = {**headers, "Origin": "https://evil.example"}
    assert client.put("/api/guardrails", json={}, headers=foreign).json()["code"] == "ForeignOrigin"
    own = {**headers, "Origin": "http://testserver"}
    assert client.put("/api/guardrails", json={}, headers=own).json()["code"] != "ForeignOrigin"


def test_a_large_body_is_refused_before_it_is_read(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "ann", "admin")
    declared = client.put("/api/guardrails", content=b"x" * (3 * 2**20), headers=headers)
    streamed = client.put("/api/guardrails", content=(b"x" * 2**20 for _ in range(3)), headers=headers)
    assert (declared.status_code, streamed.status_code) == (413, 413)


def test_every_answer_carries_an_id_and_the_security_headers(client: TestClient) -> None:
    first, second = client.get("/health"), client.get("/api/me")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for answer in (first, second):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_d3_logs_name_the_route_and_no_person(
    client: TestClient, installation: App, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = token_of(installation, "ann", "admin")
    client.get("/u/canary-token")
    client.get("/api/me?note=canary-query", headers=headers)
    logged = capsys.readouterr().err
    assert '"route": "/u/{token}"' in logged
    assert "canary" not in logged
    assert headers["Authorization"].removeprefix("Bearer ") not in logged
