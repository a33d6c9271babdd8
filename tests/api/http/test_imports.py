from fastapi.testclient import TestClient

from agent.assembly import App
from tests.api.conftest import token_of

STOCK = b"sku,quantity,at\nA-1,5,2026-01-10T00:00:00Z\nA-2,0,2026-01-10T00:00:00Z\n"


def test_an_upload_is_imported_and_a_dry_run_writes_nothing(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "mia", "marketer")
    send = {"files": {"file": ("../../stock.csv", STOCK)}, "headers": headers}
    dry = client.post("/api/imports/stock?dry_run=true", **send).json()  # type: ignore[arg-type]
    assert (dry["is_dry_run"], dry["n_rows"], dry["data_version"]) == (True, 2, 0)
    done = client.post("/api/imports/stock", **send).json()  # type: ignore[arg-type]
    assert (done["n_new"], done["data_version"], done["file_name"]) == (2, 1, "stock.csv")
    again = client.post("/api/imports/stock", **send).json()  # type: ignore[arg-type]
    assert (again["n_new"], again["data_version"]) == (0, 1)
    assert client.get("/api/shops/current", headers=headers).json()["data_version"] == 1


def test_an_unknown_kind_and_a_broken_file_are_refused(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "mia", "marketer")
    file = {"file": ("x.csv", b"\x00\x01\x02" * 100)}
    assert client.post("/api/imports/horoscopes", files=file, headers=headers).status_code == 422
    answer = client.post("/api/imports/stock", files=file, headers=headers)
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "message", "details"}
    assert client.get("/api/shops/current", headers=headers).json()["data_version"] == 0


def test_kinds_readiness_and_suppression_lists_are_told(client: TestClient, installation: App) -> None:
    headers = token_of(installation, "mia", "marketer")
    kinds = [row["id"] for row in client.get("/api/imports", headers=headers).json()]
    assert {"shopify-orders", "klaviyo-profiles", "events", "rates"} <= set(kinds)
    elements = client.get("/api/readiness", headers=headers).json()
    assert {row["status"] for row in elements} <= {"works", "assumes", "cannot"}
    ready = client.post("/api/suppressions", json={"channel": "email"}, headers=headers).json()
    assert {row["channel"]: row["is_ready"] for row in ready} == {"email": True, "sms": False, "push": False}
