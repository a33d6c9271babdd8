"""A9 over HTTP: signed calls take effect, forged and stale ones are 401 and change nothing, large ones are refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.app import create_api
from memory.domain.clock import ManualClock
from memory.store.contacts import CONTACT_SCHEMA
from tests.api.conftest import SHOP
from tests.factories.person_state import person_state
from tests.factories.sends import a_send
from tests.factories.shop import a_shop
from tools.identity.keys import address_key

pytestmark = pytest.mark.slow

TOKEN, SECRET, OTHER = "a token for tests", "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "A" * 32
NUMBER, PUBLIC_URL = "+4915123456789", "https://so.example.invalid"


@contextmanager
def hooked(home: Path, clock: ManualClock, **more: str) -> Iterator[App]:
    """An installation that trusts both providers, with one person and a message to them."""
    settings = load_settings(
        home=home, public_url=PUBLIC_URL, hook_secrets=f"{OTHER} {SECRET}",
        twilio_account="AC1", twilio_token=TOKEN, twilio_from="+15005550006", **more,
    )  # fmt: skip
    app = assemble(settings, clock)
    contact = dict.fromkeys(CONTACT_SCHEMA.names, "") | {
        "subject_id": "p1", "phone": NUMBER, "phone_key": address_key(app.key, NUMBER), "updated_at": clock.now(),
    }  # fmt: skip
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.person_state.upsert(SHOP, person_state("p1", consent_sms=True, consent_email=True))
        uow.contacts.upsert(SHOP, pa.Table.from_pylist([contact], CONTACT_SCHEMA))
        a_send(uow, SHOP, "k1", "p1", "sms", clock.now())
    yield app
    app.close()


@pytest.fixture
def app(home: Path, clock: ManualClock) -> Iterator[App]:
    with hooked(home, clock) as app:
        yield app


@pytest.fixture
def web(app: App) -> Iterator[TestClient]:
    with TestClient(create_api(app), raise_server_exceptions=False) as client:
        yield client


def by_twilio(web: TestClient, path: str, form: dict[str, str], token: str = TOKEN) -> Any:
    signed = PUBLIC_URL + path + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded"}
    return web.post(path, content=urlencode(form), headers=headers)


def by_provider(
    web: TestClient, app: App, event: Any, event_id: str = "e1", minutes: float = 0, changes: Any = None
) -> Any:
    body, at = json.dumps(event), app.clock.now() + timedelta(minutes=minutes)
    headers = {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(event_id, at, body),
        "content-type": "application/json",
    }
    return web.post(f"/hooks/provider/{SHOP}", content=body, headers=headers | (changes or {}))


def sms_state(app: App) -> tuple[bool, bool]:
    with app.store.read() as uow:
        row = uow.person_state.get(SHOP, ["p1"]).to_pylist()[0]
    return row["consent_sms"], row["is_suppressed_sms"]


def n_events(app: App) -> int:
    with app.store.read() as uow:
        return sum(n for _, _, n in uow.deliveries.by_channel(SHOP))


def test_b9_a_stop_by_text_message_takes_effect_and_is_confirmed(web: TestClient, app: App) -> None:
    answer = by_twilio(web, f"/hooks/twilio/{SHOP}", {"From": NUMBER, "Body": "STOP 🙏", "MessageSid": "SM1"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text.count("<Message>") == 1
    assert sms_state(app) == (False, True)
    again = by_twilio(web, f"/hooks/twilio/{SHOP}", {"From": NUMBER, "Body": "stop", "MessageSid": "SM2"})
    assert "<Message>" not in again.text


def test_b9_where_the_provider_confirms_by_itself_we_do_not(web: TestClient, app: App) -> None:
    form = {"From": NUMBER, "Body": "ok", "MessageSid": "SM1", "OptOutType": "STOP"}
    assert "<Message>" not in by_twilio(web, f"/hooks/twilio/{SHOP}", form).text
    assert sms_state(app) == (False, True)


def test_a9_a_forged_text_message_changes_nothing(web: TestClient, app: App) -> None:
    form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
    assert by_twilio(web, f"/hooks/twilio/{SHOP}", form, token="wrong").status_code == 401
    assert web.post(f"/hooks/twilio/{SHOP}", data=form).status_code == 401
    assert (sms_state(app), n_events(app)) == ((True, False), 0)


def test_a9_statuses_move_a_message_forward_and_a_dead_number_ends(web: TestClient, app: App) -> None:
    path = f"/hooks/twilio/{SHOP}/status/k1"
    for status in ("queued", "delivered", "sent"):
        assert by_twilio(web, path, {"MessageSid": "SM1", "MessageStatus": status}).status_code == 200
    with app.store.read() as uow:
        assert uow.deliveries.state_of("k1") == "delivered"
    assert sms_state(app) == (True, False)
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert by_twilio(web, path, form).status_code == 200
    assert sms_state(app) == (True, True)


def test_a9_a_provider_s_event_is_taken_once(web: TestClient, app: App) -> None:
    event = {"type": "complained", "at": "2026-01-15T11:00:00Z", "message_id": "k1"}
    assert by_provider(web, app, event).json() == {"status": "taken"}
    assert by_provider(web, app, event).json() == {"status": "known"}
    assert sms_state(app) == (False, True)
    assert n_events(app) == 1


@pytest.mark.parametrize(
    "changes",
    [{"webhook-signature": "v1,AAAA"}, {"webhook-id": "e2"}, {"webhook-timestamp": "1"}, {"webhook-signature": ""}],
)
def test_a9_a_forged_event_is_401_and_changes_nothing(web: TestClient, app: App, changes: dict[str, str]) -> None:
    event = {"type": "complained", "at": "2026-01-15T11:00:00Z", "message_id": "k1"}
    assert by_provider(web, app, event, changes=changes).status_code == 401
    assert (sms_state(app), n_events(app)) == ((True, False), 0)


def test_a9_a_replay_after_ten_minutes_is_401(web: TestClient, app: App) -> None:
    event = {"type": "delivered", "at": "2026-01-15T11:00:00Z", "message_id": "k1"}
    assert by_provider(web, app, event, minutes=-10).status_code == 401
    assert n_events(app) == 0


@pytest.mark.parametrize("event", [{}, [], {"type": "exploded"}, {"type": "opened", "at": "2026-01-15T11:00:00"}, "x"])
def test_a9_a_signed_event_that_cannot_be_read_is_422_and_named(web: TestClient, app: App, event: Any) -> None:
    answer = by_provider(web, app, event)
    assert answer.status_code == 422
    assert answer.json()["code"] == "InvalidInput"


def test_a9_ten_megabytes_are_refused_in_bounded_memory(web: TestClient, app: App) -> None:
    sent = []

    def stream() -> Iterator[bytes]:
        for _ in range(10 * 16):
            sent.append(1)
            yield b"x" * 65_536

    before = psutil.Process().memory_info().rss
    for path in (f"/hooks/provider/{SHOP}", f"/hooks/twilio/{SHOP}"):
        assert web.post(path, content=b"x" * 10 * 2**20).status_code == 413
        assert web.post(path, content=stream()).status_code == 413
    assert psutil.Process().memory_info().rss - before < 80 * 2**20
    assert n_events(app) == 0
