"""MCP over real HTTP with a real client: who may call what, and what comes back."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport
from fastmcp.exceptions import ToolError
from sqlmodel import select

from agent.assembly import App, assemble
from agent.settings import load_settings
from agent.toolbox.registry import TOOLS
from api.http.app import create_api
from api.http.limits import Limits
from api.mcp.server import make_server
from memory.domain.clock import ManualClock
from memory.domain.principal import Role
from memory.store.contacts import ContactRow
from tests.api.conftest import STOCKED, token_of
from tests.api.serving import serving
from tests.factories.learned import shop_effects
from tests.factories.small_shop import ANCHOR_AT

pytestmark = pytest.mark.slow
PLAN = {"title": "From outside", "note": "A calm plan."}


@dataclass
class Served:
    """A server that runs, and a token per role."""

    app: App
    address: str
    tokens: dict[str, str]

    def call(self, who: str, tool: str, **arguments: Any) -> Any:
        async def go() -> Any:
            async with Client(StreamableHttpTransport(self.address, auth=self.tokens[who])) as client:
                return (await client.call_tool(tool, arguments)).structured_content

        return asyncio.run(go())


@pytest.fixture(scope="module")
def served(stocked_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    import shutil

    home = shutil.copytree(stocked_home, tmp_path_factory.mktemp("mcp") / "home")
    app = assemble(load_settings(home=home), ManualClock(ANCHOR_AT))
    roles: tuple[Role, ...] = ("marketer", "agent", "evaluator", "support", "approver")
    tokens: dict[str, str] = {
        r: token_of(app, r, r, shop_id=STOCKED)["Authorization"].removeprefix("Bearer ") for r in roles
    }
    tokens["elsewhere"] = token_of(app, "out", "marketer", shop_id="alpha")["Authorization"].removeprefix("Bearer ")
    with serving(create_api(app, mcp=True)) as address:
        yield Served(app, f"{address}/mcp/", tokens)


def test_s3_without_a_valid_token_there_is_nothing(served: Served) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    for headers in ({}, {"Authorization": "Bearer so_wrong"}, {"Cookie": f"so_session={served.tokens['marketer']}"}):
        answer = httpx.post(served.address, json=body, headers={**accept, **headers})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    foreign = {**accept, "Authorization": f"Bearer {served.tokens['marketer']}", "Origin": "https://evil.example"}
    assert httpx.post(served.address, json=body, headers=foreign).status_code == 403


def test_s3_an_assistant_gets_the_planner_s_tools_and_aggregates_only(served: Served) -> None:
    async def listed() -> list[str]:
        async with Client(StreamableHttpTransport(served.address, auth=served.tokens["agent"])) as client:
            return [tool.name for tool in await client.list_tools()]

    assert asyncio.run(listed()) == [*(tool.name for tool in TOOLS), "show_effects", "learn_effects"]
    overview = served.call("agent", "store_overview", shop_id=STOCKED)
    assert overview["n_people"] > 100
    answers = [overview] + [served.call("agent", name) for name in ("budget_audit", "list_segments", "recommend")]
    text = json.dumps(answers, ensure_ascii=False)
    with served.app.store.read() as uow:
        rows = uow.session.exec(select(ContactRow).limit(400)).all()
    personal = {value for row in rows for value in (row.email, row.phone, row.last_name, row.subject_id) if value}
    assert len(personal) > 400
    assert not [value for value in personal if value in text]


def test_s3_a_submitted_plan_is_a_draft_in_the_caller_s_name(served: Served) -> None:
    answer = served.call("agent", "submit_plan", **PLAN)
    assert answer.get("accepted"), answer
    with served.app.store.read() as uow:
        stored = uow.plans.get(answer["plan_id"])
        assert uow.audit.head().action == "plan.draft"  # type: ignore[union-attr]
    assert (stored.status, stored.created_by) == ("draft", "agent")
    assert stored.plan.planner.llm == "outside:agent"
    refused = served.call("agent", "submit_plan", nonsense=1)
    assert refused["refused"]


@pytest.mark.parametrize(
    ("who", "tool"),
    [
        ("support", "store_overview"),
        ("evaluator", "submit_plan"),
        ("approver", "submit_plan"),
        ("elsewhere", "store_overview"),
        ("support", "show_effects"),
        ("evaluator", "learn_effects"),
        ("elsewhere", "show_effects"),
    ],
)
def test_s3_every_tool_checks_its_caller(served: Served, who: str, tool: str) -> None:
    arguments = {"shop_id": STOCKED, **(PLAN if tool == "submit_plan" else {})}
    with pytest.raises(ToolError, match="NotPermitted"):
        served.call(who, tool, **arguments)


def test_s3_an_assistant_reads_what_the_shop_learned_as_the_command_shows_it(served: Served) -> None:
    with pytest.raises(ToolError, match="nothing was learned"):
        served.call("agent", "show_effects")
    with pytest.raises(ToolError, match="no plan of it has run yet"):
        served.call("marketer", "learn_effects")
    found = shop_effects(shop_id=STOCKED)
    with served.app.store.unit_of_work() as uow:
        uow.effects.put(found)
    assert served.call("agent", "show_effects", shop_id=STOCKED) == found.model_dump(mode="json")
    with pytest.raises(ToolError, match="takes no arguments"):
        served.call("agent", "show_effects", shop_id=STOCKED, kind="cross_sell")


def test_s3_a_call_that_comes_past_the_bearer_check_has_nobody(served: Served) -> None:
    """The in-memory client knows no tokens: the tools themselves refuse."""

    async def go() -> Any:
        async with Client(make_server(served.app, Limits(100))) as client:
            return await client.call_tool("store_overview", {})

    with pytest.raises(ToolError, match="NotAuthenticated"):
        asyncio.run(go())


def test_s3_a_token_that_ended_ends_the_access_at_once(served: Served) -> None:
    with served.app.store.unit_of_work() as uow:
        (token,) = uow.principals.tokens("evaluator")
        uow.principals.revoke_token(token.id)
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {served.tokens['evaluator']}"}
    assert httpx.post(served.address, json=body, headers=headers).status_code == 401
