"""A restore drill: what comes back is what was there, without whoever was erased since."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.assembly import App, assemble
from agent.backup import UnusableBackup, restore, write_backup
from agent.rights import erase_person, find_person
from agent.settings import load_settings
from memory.domain.errors import InvalidInput
from memory.domain.principal import Grant, Principal
from tests.agent.rights.test_erasing import hits
from tests.factories.imports import Intaker
from tests.factories.shop import a_shop
from tests.factories.traces import CANARIES, EMAIL, import_all, leave_traces

pytestmark = pytest.mark.slow

SHOP = a_shop().shop_id


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path, app: App) -> Iterator[App]:
    """A new home, on SQLite or PostgreSQL."""
    more: dict[str, Any] = {}
    if request.param == "postgres":
        store = request.getfixturevalue("postgres_store")
        more["database_url"] = store.engine.url.render_as_string(hide_password=False)
    made = assemble(load_settings(home=tmp_path / "second", **more), app.clock)
    yield made
    made.close()


def facts(app: App) -> list[str]:
    with app.store.read() as uow:
        tables = uow.versions.latest().tables
    with app.lake.open(tables, [SHOP]) as view:
        return sorted(view.table("orders").to_pyarrow()["order_ref"].to_pylist())


@pytest.mark.slow
def test_a_restored_installation_is_the_one_that_was_backed_up(app: App, intaker: Intaker, empty: App) -> None:
    import_all(intaker)
    leave_traces(app)
    with app.store.unit_of_work() as uow:
        mia = Principal(id="mia", name="Mia", grants=(Grant(shop_id=SHOP, role="admin"),))
        uow.principals.add(mia, app.clock.now())
        uow.audit.append("mia", "test", "x", app.clock.now())
    path = app.settings.home.parent / "b.tar.gz"
    made = write_backup(app, path)
    assert path.stat().st_mode & 0o077 == 0
    assert "not encrypted" in made.label
    restored = restore(empty, path)
    assert restored.n_rows == sum(made.n_rows.values()) > 0
    assert not restored.has_journal
    assert facts(empty) == facts(app) == ["#1001", "#C-4711"]
    assert empty.key == app.key
    with empty.store.read() as uow:
        assert uow.principals.get("mia").may("admin", SHOP)
        assert empty.audit_anchor.verify(uow.audit) == 1
        assert find_person(uow, empty.key, SHOP, EMAIL)
    assert {note.id for note in empty.recall.all(SHOP)} == {"one", "two"}
    with empty.store.unit_of_work() as uow:  # ids go on behind the restored ones
        uow.versions.add({}, "after the restore", app.clock.now())


@pytest.mark.slow
def test_d8_whoever_was_erased_after_the_backup_is_not_back(app: App, intaker: Intaker, empty: App) -> None:
    import_all(intaker)
    leave_traces(app)
    path = app.settings.home.parent / "b.tar.gz"
    write_backup(app, path)
    with app.store.read() as uow:
        person = find_person(uow, app.key, SHOP, EMAIL)
    erase_person(app, person, "asked for it", "mia")
    empty.settings.erasure_journal.write_bytes(app.settings.erasure_journal.read_bytes())
    restored = restore(empty, path)
    assert (restored.has_journal, restored.n_erased_again) == (True, 1)
    assert hits(empty.settings.home, *CANARIES) == []
    assert facts(empty) == ["#1001"]
    with empty.store.read() as uow:
        assert uow.person_state.get(SHOP, [person]).to_pylist()[0]["is_erased"]


SECRET, WRONG = "s" * 32, "w" * 32


def test_d8_an_encrypted_backup_restores_with_its_key_and_with_no_other(
    app: App, intaker: Intaker, tmp_path: Path
) -> None:
    import_all(intaker)
    leave_traces(app)
    with app.store.unit_of_work() as uow:
        uow.secrets.put(SHOP, "twilio.auth_token", "sk-canary", "mia", app.clock.now())  # under the key file
    keyed = assemble(load_settings(home=app.settings.home, secret_key=SECRET), app.clock)
    path = tmp_path / "sealed.backup"
    made = write_backup(keyed, path)
    keyed.close()
    assert made.is_encrypted
    assert made.label.startswith("encrypted with SECONDORDER_SECRET_KEY")
    content = path.read_bytes()
    assert not [word for word in (*CANARIES, "manifest.json", "second-order/backup@1") if word.encode() in content]
    for wrong, why in ((WRONG, "another key is set"), ("", "no key is set")):
        other = assemble(load_settings(home=tmp_path / f"other-{len(wrong)}", secret_key=wrong), app.clock)
        with pytest.raises(UnusableBackup, match=f"encrypted with the key {made.key_id} and {why}"):
            restore(other, path)
        assert list(other.settings.home.glob("restore-*")) == []
        other.close()
    target = assemble(load_settings(home=tmp_path / "back", secret_key=WRONG, secret_key_before=SECRET), app.clock)
    assert restore(target, path).backup == made
    assert facts(target) == facts(app)
    with target.store.read() as uow:
        assert uow.secrets.get(SHOP, "twilio.auth_token") == "sk-canary"  # the key file came along
    target.close()


def test_d8_an_encrypted_backup_that_was_cut_is_no_whole_backup(app: App, intaker: Intaker, tmp_path: Path) -> None:
    import_all(intaker)
    keyed = assemble(load_settings(home=app.settings.home, secret_key=SECRET), app.clock)
    path = tmp_path / "sealed.backup"
    write_backup(keyed, path)
    keyed.close()
    path.write_bytes(path.read_bytes()[:-20])
    target = assemble(load_settings(home=tmp_path / "back", secret_key=SECRET), app.clock)
    with pytest.raises(UnusableBackup, match="no whole backup"):
        restore(target, path)
    target.close()


def test_a_backup_never_overwrites_and_a_restore_never_mixes(app: App, intaker: Intaker) -> None:
    import_all(intaker)
    path = app.settings.home.parent / "b.tar.gz"
    write_backup(app, path)
    with pytest.raises(InvalidInput, match="exists"):
        write_backup(app, path)
    with pytest.raises(UnusableBackup, match="holds facts already"):
        restore(app, path)


def test_a_broken_foreign_or_hostile_file_is_refused(app: App, tmp_path: Path) -> None:
    target = assemble(load_settings(home=tmp_path / "third"), app.clock)
    path = tmp_path / "x.tar.gz"
    path.write_bytes(b"\x1f\x8b rubbish")
    with pytest.raises(UnusableBackup, match="no whole backup"):
        restore(target, path)
    with tarfile.open(path, "w:gz") as file:
        for name, content in (("../evil", b"x"), ("manifest.json", json.dumps({}).encode())):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            file.addfile(entry, io.BytesIO(content))
    with pytest.raises(UnusableBackup, match="no whole backup"):
        restore(target, path)
    assert not (tmp_path / "evil").exists()
    target.close()
