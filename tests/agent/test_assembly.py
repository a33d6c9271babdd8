import stat
from pathlib import Path

import pytest

from agent.assembly import UnusableHome, UnusableStore, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock


def test_an_installation_is_made_where_the_settings_say(tmp_path: Path, clock: ManualClock) -> None:
    app = assemble(load_settings(home=tmp_path / "home"), clock)
    with app.store.read() as uow:
        assert uow.shops.all() == ()
    assert app.lake.root == tmp_path / "home" / "lake"
    assert (tmp_path / "home" / "secondorder.db").exists()
    app.close()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = (assemble(load_settings(home=tmp_path)) for _ in range(2))
    assert first.key == second.key
    assert len(first.key) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_damaged_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(UnusableHome, match="backup"):
        _ = assemble(load_settings(home=tmp_path)).key


def test_a_home_that_is_a_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(UnusableHome, match="SECONDORDER_HOME"):
        assemble(load_settings(home=tmp_path / "home"))


def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "secondorder.db").write_bytes(b"this is no database, " * 100)
    with pytest.raises(UnusableStore, match="SECONDORDER_DATABASE_URL"):
        _ = assemble(load_settings(home=tmp_path)).store


def test_nothing_heavy_is_built_before_it_is_asked_for(tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    assert not (tmp_path / "home" / "secondorder.db").exists()
    app.close()
