"""Live intake over HTTP: acknowledged once it is safe, refused without a trace, seen in every channel."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from agent.assembly import App
from api.cli.main import app as cli
from api.http.app import create_api
from api.verbs import intake
from api.verbs.acting import Acting
from api.verbs.intake import connect, flush, run
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP, token_of
from tests.factories.live import DOMAIN, SECRET, headers, order

pytestmark = pytest.mark.slow
VIEW = {"id": "e1", "at": "2026-01-15T11:00:00Z", "kind": "view", "email": "p1@people.example.invalid"}


def admin(app: App) -> Acting:
    return Acting(app, Principal(id="root", name="Root", grants=(Grant(shop_id=SHOP, role="admin"),)), SHOP)


def body_of(payload: Any) -> bytes:
    return json.dumps(payload).encode()


@pytest.fixture
def trusted(installation: App) -> App:
    connect(admin(installation), DOMAIN, SECRET)
    return installation


def test_s2_07_a_batch_of_events_is_acknowledged_and_flushed(client: TestClient, installation: App) -> None:
    sender = token_of(installation, "shopfront", "intake")
    batch = {"events": [VIEW, {**VIEW, "id": "e2", "kind": "dance"}]}
    first, again = (client.post("/api/events", json=batch, headers=sender) for _ in range(2))
    assert (first.status_code, first.json()["is_repeat"], again.json()["is_repeat"]) == (202, False, True)
    assert flush(admin(installation)).n_rejected == 1
    reader = token_of(installation, "ann", "viewer")
    (wrong,) = client.get("/api/intake/rejected", headers=reader).json()
    assert (wrong["place"], wrong["delivery_id"]) == (2, first.json()["id"])
    assert "dance" in wrong["reason"]
    assert client.get("/api/intake", headers=reader).json()["counts"] == {"done": 1}


@pytest.mark.parametrize("wrong", [b"", b"{", b"[]", b'{"events": []}', b'{"events": 5}', b'{"a": 1}', b"\xff"])
def test_a_batch_that_is_none_is_refused(client: TestClient, installation: App, wrong: bytes) -> None:
    sender = token_of(installation, "shopfront", "intake")
    assert client.post("/api/events", content=wrong, headers=sender).status_code == 422


def test_d3_an_intake_token_can_do_nothing_else(client: TestClient, installation: App) -> None:
    sender = token_of(installation, "shopfront", "intake")
    for path in ("/api/intake", "/api/intake/rejected", "/api/shops", "/api/plans", "/api/outbox"):
        assert client.get(path, headers=sender).status_code in (403, 404), path
    assert client.post("/api/events", json={"events": [VIEW]}).status_code == 401


def test_a9_forged_webhooks_are_401_and_change_nothing(client: TestClient, trusted: App) -> None:
    body = body_of(order())
    good = headers("orders/create", body, "w-1")
    for changed in ({"x-shopify-hmac-sha256": "AAAA"}, {"x-shopify-shop-domain": "else.myshopify.com"}):
        answer = client.post("/webhooks/shopify", content=body, headers=good | changed)
        assert (answer.status_code, answer.json()["code"]) == (401, "NotTrusted")
    assert client.post("/webhooks/shopify", content=body + b" ", headers=good).status_code == 401
    assert flush(admin(trusted)).n_deliveries == 0
    assert client.post("/webhooks/shopify", content=body, headers=good).json()["is_repeat"] is False
    assert client.post("/webhooks/shopify", content=body, headers=good).json()["is_repeat"] is True


@contextmanager
def served(app: App) -> Iterator[str]:
    """Serve the API on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_api(app), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        pass
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def post(address: str, path: str, body: bytes, found: dict[str, str]) -> int:
    with closing(http.client.HTTPConnection(address, timeout=20)) as connection:
        connection.request("POST", path, body, found)
        return connection.getresponse().status


def declare_too_much(address: str, path: str) -> int:
    """Say that ten megabytes follow and send none."""
    with closing(http.client.HTTPConnection(address, timeout=20)) as connection:
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(10 * 2**20))
        connection.endheaders()
        return connection.getresponse().status


def send_without_end(address: str, path: str) -> int:
    """Send chunks without saying how many follow, until just over the limit."""
    with closing(http.client.HTTPConnection(address, timeout=20)) as connection:
        connection.putrequest("POST", path)
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        for _ in range(33):
            connection.send(b"10000\r\n" + b" " * 65_536 + b"\r\n")
        return connection.getresponse().status


def test_a9_s2_05_over_real_http_an_order_is_seen_and_ten_megabytes_are_refused(trusted: App) -> None:
    """App event and web order of one person meet in one state, whichever channel asks."""
    sender = token_of(trusted, "shopfront", "intake")
    body = body_of(order(buyer_accepts_marketing=True))
    event = {**VIEW, "channel": "app", "device_id": "phone-1", "kind": "app_open"}
    with served(trusted) as address:
        for path in ("/webhooks/shopify", "/api/events"):
            assert declare_too_much(address, path) == 413
        assert send_without_end(address, "/webhooks/shopify") == 413
        assert post(address, "/webhooks/shopify", body, headers("orders/create", body, "w-1")) == 200
        assert post(address, "/api/events", body_of({"events": [event]}), sender) == 202
    assert flush(admin(trusted)).n_rows == 2
    with trusted.store.read() as uow:
        (state,) = uow.person_state.get(SHOP).to_pylist()
        versions = uow.versions.latest().tables
    assert (state["consent_email"], state["market"]) == (True, "DE")
    with trusted.lake.open(versions, [SHOP]) as view:
        people = {row["person_id"] for table in ("events", "orders") for row in
                  view.table(table).to_pyarrow().to_pylist()}  # fmt: skip
    assert people == {state["person_id"]}


def test_connecting_listing_and_retiring_by_command(trusted: App, tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("shpss_the_next_secret_for_tests\n")
    with trusted.store.unit_of_work() as uow:
        uow.principals.add(
            Principal(id="root", name="Root", grants=(Grant(shop_id=SHOP, role="admin"),)), trusted.clock.now()
        )
    shared = ["--home", str(trusted.settings.home), "--as", "root", "--json"]

    def said(*words: str, code: int = 0) -> Any:
        result = CliRunner().invoke(cli, ["intake", *words, *shared])
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    made = said("connect", DOMAIN, "--secret-file", str(secret))
    assert "shpss" not in json.dumps(made)
    assert [one["retired_at"] for one in said("secrets")] == [None, None]
    said("retire", made["id"])
    assert said("secrets")[1]["retired_at"]
    said("connect", "no domain", "--secret-file", str(secret), code=2)
    assert said("list", "--rejected") == said("requests") == []
    assert said("flush")["flush"]["n_deliveries"] == 0
    assert said("run", "--rounds", "1") == []


def noted(happened: list[str], name: str, real: Callable[[Acting], Any]) -> Callable[[Acting], Any]:
    """A verb that says when it is called."""

    def call(acting: Acting) -> Any:
        happened.append(name)
        return real(acting)

    return call


class Stopped(Exception):
    """How the test ends a worker that stays."""


def test_s2_03_a_worker_that_stays_rehearses_once_before_its_first_round(
    installation: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    for name in ("rehearse", "flush", "decide"):
        monkeypatch.setattr(intake, name, noted(happened, name, getattr(intake, name)))

    def sleep(_: float) -> None:
        if len(happened) > 4:
            raise Stopped

    with pytest.raises(Stopped):
        run(admin(installation), lambda *_: None, sleep, 0, 0.1)
    assert happened == ["rehearse", "flush", "decide", "flush", "decide"]
    happened.clear()
    run(admin(installation), lambda *_: None, sleep, 1, 0.1)
    assert happened == ["flush", "decide"]
