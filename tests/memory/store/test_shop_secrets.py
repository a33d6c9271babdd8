from pathlib import Path

import pytest
from sqlalchemy import text

from agent.access import rotate_secrets
from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotFound, NotPermitted, NotReady
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from memory.store.vault import Undecryptable, Vault
from memory.store.webhook_secrets import WebhookSecretRow
from tests.factories.live import DOMAIN, headers
from tests.factories.shop import a_shop
from tools.live import signer
from tools.live.sealing import seal
from tools.live.shopify_hook import formerly_sealed, secret_binding

ANN = Principal(id="ann", name="Ann", grants=(Grant(shop_id="alpha", role="admin"),))
CANARY = "sk-canary-4711"


@pytest.fixture
def keyed(any_store: Store) -> Store:
    any_store.open_vault = lambda: Vault([b"k" * 32])
    return any_store


def _app(home: Path, clock: ManualClock, **more: str) -> App:
    return assemble(load_settings(home=home, **more), clock)


def test_d8_a_secret_is_read_by_who_uses_it_and_shown_to_nobody(keyed: Store, clock: ManualClock) -> None:
    with keyed.unit_of_work() as uow:
        info = uow.secrets.put("alpha", "twilio.auth_token", CANARY, "ann", clock.now())
        assert CANARY not in repr(info)
    with keyed.read() as uow:
        assert uow.secrets.get("alpha", "twilio.auth_token") == CANARY
        assert uow.secrets.find("alpha", "other") == ""
        assert [one.name for one in uow.secrets.all("alpha")] == ["twilio.auth_token"]
        assert uow.secrets.all("beta") == ()
        with pytest.raises(NotFound):
            uow.secrets.get("beta", "twilio.auth_token")
        kept = uow.session.connection().execute(text("SELECT sealed FROM shop_secret")).scalar_one()
    assert CANARY not in kept


def test_a_name_or_text_that_cannot_be_one_is_refused(keyed: Store, clock: ManualClock) -> None:
    for name, secret in (("Twilio Key", "x"), ("ok", ""), ("ok", "x" * 9_000)):
        with keyed.unit_of_work() as uow, pytest.raises(InvalidInput):
            uow.secrets.put("alpha", name, secret, "ann", clock.now())


def test_a_store_without_keys_says_so(store: Store, clock: ManualClock) -> None:
    with store.unit_of_work() as uow, pytest.raises(NotReady):
        uow.secrets.put("alpha", "x", "y", "ann", clock.now())


def test_d8_a_row_moved_to_another_shop_does_not_open(keyed: Store, clock: ManualClock) -> None:
    with keyed.unit_of_work() as uow:
        uow.secrets.put("alpha", "x", CANARY, "ann", clock.now())
        uow.session.connection().execute(text("UPDATE shop_secret SET shop_id = 'beta'"))
    with keyed.read() as uow, pytest.raises(Undecryptable):
        uow.secrets.get("beta", "x")


def test_d8_rotation_leaves_nothing_undecryptable_and_the_old_key_is_gone(tmp_path: Path, clock: ManualClock) -> None:
    app = _app(tmp_path, clock)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        for n in range(5):
            uow.secrets.put("alpha", f"key-{n}", f"{CANARY}-{n}", "ann", clock.now())
    before = app.key_file.read()
    assert rotate_secrets(app, ANN) == 5
    assert not set(before) & set(app.key_file.read())
    with app.store.read() as uow:
        assert [uow.secrets.get("alpha", f"key-{n}") for n in range(5)] == [f"{CANARY}-{n}" for n in range(5)]
        assert {one.key_id for one in uow.secrets.all("alpha")} == {app.vault.key_id}
    app.close()


def test_d8_rotation_encrypts_webhook_secrets_anew_those_of_former_versions_too(
    tmp_path: Path, clock: ManualClock
) -> None:
    app = _app(tmp_path, clock)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.webhook_secrets.add("alpha", DOMAIN, f"{CANARY}-new", "ann", clock.now())
        (row,) = uow.webhook_secrets.all("alpha")
        old = seal(app.key, secret_binding("alpha", DOMAIN), f"{CANARY}-old".encode())
        uow.session.add(WebhookSecretRow(**row.model_dump() | {"id": "old", "secret": old}))
    assert (before := app.vault.key_id) and rotate_secrets(app, ANN) == 2
    with app.store.read() as uow:
        found = uow.webhook_secrets.valid(DOMAIN)
        assert {row.secret.split(b".")[1].decode() for row in found} == {app.vault.key_id} != {before}
        texts = {
            uow.webhook_secrets.text_of(row, formerly_sealed(b"another key, not needed any more")) for row in found
        }
        assert texts == {f"{CANARY}-new", f"{CANARY}-old"}
        for body_secret in texts:  # what they sign comes in as before
            assert signer(uow, app.key, headers("orders/create", b"{}", "w", body_secret, DOMAIN), b"{}") == "alpha"
    app.close()


def test_d8_a_webhook_secret_moved_to_another_shop_or_domain_does_not_open(keyed: Store, clock: ManualClock) -> None:
    with keyed.unit_of_work() as uow:
        uow.webhook_secrets.add("alpha", DOMAIN, CANARY, "ann", clock.now())
        uow.session.connection().execute(text("UPDATE webhook_secret SET shop_id = 'beta'"))
    with keyed.read() as uow, pytest.raises(Undecryptable):
        uow.webhook_secrets.text_of(uow.webhook_secrets.valid(DOMAIN)[0], formerly_sealed(b"k" * 32))


def test_d8_a_rotation_that_dies_before_its_commit_loses_nothing(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _app(tmp_path, clock)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.secrets.put("alpha", "key", CANARY, "ann", clock.now())
    monkeypatch.setattr("memory.store.audit.AuditLog.append", _die)
    with pytest.raises(KeyboardInterrupt):
        rotate_secrets(app, ANN)
    monkeypatch.undo()
    with app.store.read() as uow:
        assert uow.secrets.get("alpha", "key") == CANARY
    assert rotate_secrets(app, ANN) == 1
    with app.store.read() as uow:
        assert uow.secrets.get("alpha", "key") == CANARY
    assert len(app.key_file.read()) == 1
    app.close()


def _die(*_given: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_d8_the_environment_s_key_wins_and_the_former_one_is_needed_once(tmp_path: Path, clock: ManualClock) -> None:
    first, second = "f" * 32, "s" * 32
    app = _app(tmp_path, clock, secret_key=first)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.secrets.put("alpha", "key", CANARY, "ann", clock.now())
    app.close()
    app = _app(tmp_path, clock, secret_key=second)
    with pytest.raises(Undecryptable):
        rotate_secrets(app, ANN)
    app.close()
    app = _app(tmp_path, clock, secret_key=second, secret_key_before=first)
    assert rotate_secrets(app, ANN) == 1
    app.close()
    app = _app(tmp_path, clock, secret_key=second)
    with app.store.read() as uow:
        assert uow.secrets.get("alpha", "key") == CANARY
    app.close()


def test_d8_only_an_admin_of_every_shop_rotates(tmp_path: Path, clock: ManualClock) -> None:
    app = _app(tmp_path, clock)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.shops.add(a_shop(shop_id="beta"))
    with pytest.raises(NotPermitted):
        rotate_secrets(app, ANN)
    app.close()


def test_d8_no_file_of_the_home_holds_a_secret_in_the_clear(tmp_path: Path, clock: ManualClock) -> None:
    app = _app(tmp_path, clock)
    with app.store.unit_of_work() as uow:
        uow.secrets.put("alpha", "key", CANARY, "ann", clock.now())
    app.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "secondorder.db" for path in files)
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
