import shutil

import pytest
from fastapi.testclient import TestClient

from agent import health
from agent.assembly import App
from tests.api.conftest import SHOP
from tests.factories.imports import order_rows, write_orders
from tools.ingest import import_file


def test_a_probe_sees_a_server_that_is_ready(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "good"}
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "good", "bad": []})


def test_a_server_whose_lake_is_gone_is_alive_but_not_ready(client: TestClient, installation: App) -> None:
    path = write_orders(installation.settings.home / "orders.csv", order_rows("#1001"))
    import_file(
        installation.store, installation.lake, SHOP, "shopify-orders", path,
        clock=installation.clock, key=installation.key, principal_id="ann",
    )  # fmt: skip
    assert client.get("/ready").status_code == 200
    shutil.rmtree(installation.settings.lake)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["bad"]) == (503, ["lake"])
    assert client.get("/health").status_code == 200


def test_a_server_whose_database_is_gone_is_not_ready(client: TestClient, installation: App) -> None:
    with installation.store.unit_of_work() as uow:
        uow.session.connection().exec_driver_sql("ALTER TABLE shop RENAME TO lost")
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["bad"]) == (503, ["store"])


def test_a_full_disk_is_not_ready(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_GB", 10**9)
    assert client.get("/ready").json()["bad"] == ["disk"]
