import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow


@pytest.fixture
def mia(stocked: App) -> dict[str, str]:
    return token_of(stocked, "mia", "marketer", shop_id=STOCKED)


def _events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_dc_07_a_marketer_chats_a_plan_into_being_and_sees_the_diff_of_each_turn(
    stocked_client: TestClient, mia: dict[str, str]
) -> None:
    first = stocked_client.post("/api/chat", json={"text": "起草方案"}, headers=mia)
    assert first.headers["content-type"].startswith("text/event-stream")
    events = _events(first.text)
    assert events[-1][0] == "done"
    plans = [data["plan"] for kind, data in events if kind == "plan"]
    assert len(plans) == 1
    done = events[-1][1]

    body = {"text": "德国别发短信，VIP 先买", "chat_id": done["chat_id"]}
    second = _events(stocked_client.post("/api/chat", json=body, headers=mia).text)
    kinds = [kind for kind, _ in second]
    assert kinds[-1] == "done"
    assert "diff" in kinds, second
    (diff,) = [data for kind, data in second if kind == "diff"]
    assert any("短信" in line or "sms" in line for line in diff["words"])
    (plan,) = [data["plan"] for kind, data in second if kind == "plan"]
    assert plan["brief"]["excluded"] == [["DE", "sms"]]
    assert second[-1][1]["plan_id"] != done["plan_id"]

    third = _events(stocked_client.post("/api/chat", json={**body, "text": "预算九万欧"}, headers=mia).text)
    (refused,) = [data for kind, data in third if kind == "refused"]
    assert all(reason["rule"] and reason["message"] for reason in refused["reasons"])
    assert third[-1][1]["plan_id"] == second[-1][1]["plan_id"]


def test_dc_07_a_thread_belongs_to_its_principal(stocked_client: TestClient, stocked: App, mia: dict[str, str]) -> None:
    opened = stocked_client.post("/api/chat", json={"text": "help"}, headers=mia)
    other = token_of(stocked, "max", "marketer", shop_id=STOCKED)
    body = {"text": "draft the plan", "chat_id": opened.headers["x-chat-id"]}
    answer = stocked_client.post("/api/chat", json=body, headers=other)
    events = _events(answer.text) if answer.status_code == 200 else [("error", answer.json())]
    assert [(kind, data["code"]) for kind, data in events] == [("error", "NotFound")]


def test_an_unknown_thread_is_not_found(stocked_client: TestClient, mia: dict[str, str]) -> None:
    assert stocked_client.post("/api/chat", json={"text": "hi", "chat_id": "c1"}, headers=mia).status_code == 404


def test_an_empty_or_endless_utterance_is_refused(stocked_client: TestClient, mia: dict[str, str]) -> None:
    for text in ("", "x" * 5_000):
        assert stocked_client.post("/api/chat", json={"text": text}, headers=mia).status_code == 422


def test_earlier_threads_are_listed_and_opened_by_their_owner_only(
    stocked: App, stocked_client: TestClient, mia: dict[str, str]
) -> None:
    said = _events(stocked_client.post("/api/chat", json={"text": "help"}, headers=mia).text)
    chat_id = said[-1][1]["chat_id"]
    listed = stocked_client.get("/api/chat", headers=mia).json()
    assert [(one["chat_id"], one["title"]) for one in listed] == [(chat_id, "help")]
    shown = stocked_client.get(f"/api/chat/{chat_id}", headers=mia, params={"language": "zh"}).json()
    assert shown["lines"][0]["kind"] == "you"
    assert shown["suggestions"][0] == "起草计划"
    other = token_of(stocked, "max", "marketer", shop_id=STOCKED)
    assert stocked_client.get("/api/chat", headers=other).json() == []
    assert stocked_client.get(f"/api/chat/{chat_id}", headers=other).status_code == 404
