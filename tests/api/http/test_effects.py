"""Learned effects over HTTP: as the command's JSON, by the command's permissions."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.learned import ShopEffects
from tests.api.conftest import STOCKED, token_of
from tests.factories.learned import shop_effects

pytestmark = pytest.mark.slow


def test_what_was_learned_is_read_as_the_command_shows_it(stocked_client: TestClient, stocked: App) -> None:
    ari = token_of(stocked, "ari", "approver", shop_id=STOCKED)
    refused = stocked_client.get("/api/effects", headers=ari)
    assert refused.status_code == 409 and "nothing was learned" in refused.text
    found = shop_effects(shop_id=STOCKED)
    with stocked.store.unit_of_work() as uow:
        uow.effects.put(found)
    answer = stocked_client.get("/api/effects", headers=ari)
    assert answer.json() == found.model_dump(mode="json")


def test_learning_needs_the_permission_to_plan(
    stocked_client: TestClient, stocked: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def learned(store: object, lake: object, clock: object, shop_id: str, by: str) -> ShopEffects:
        asked.append((shop_id, by))
        return shop_effects(shop_id=shop_id)

    mia, ari = (token_of(stocked, *who, shop_id=STOCKED) for who in (("mia", "marketer"), ("ari", "approver")))
    untouched = stocked_client.post("/api/effects/learn", headers=mia)
    assert untouched.status_code == 409 and "no plan of it has run yet" in untouched.text
    monkeypatch.setattr("agent.learning.effects.learn_from_log", learned)
    assert stocked_client.post("/api/effects/learn", headers=ari).status_code == 403
    answer = stocked_client.post("/api/effects/learn", headers=mia)
    assert (answer.status_code, answer.json()["shop_id"]) == (200, STOCKED)
    assert asked == [(STOCKED, "mia")]
