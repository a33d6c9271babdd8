"""A7: a SQLite store whose write-ahead log was cut: it opens at the last whole commit, and what that means."""

import shutil
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.assembly import App
from agent.dispatch import dispatch
from agent.health import examine, ready
from agent.runs import set_switch
from agent.settings import load_settings
from eval.faults.databases import fresh_file, read_rows
from eval.faults.oracle import judge
from eval.faults.provider import LoopbackSender, read_journal, serving
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, Rendered
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store, StoreUnavailable, open_store
from tests.agent.dispatch.conftest import KEY
from tests.factories.doing import LIVE_AT, World

pytestmark = pytest.mark.slow
NOON = LIVE_AT + timedelta(days=1, hours=10)
HEADER, FRAME_HEADER = 32, 24
ADMIN = Principal(id="ada", name="Ada", grants=(Grant(shop_id="nord", role="admin"),))
BEGUN = "SELECT send_key FROM outbox WHERE state = 'sent' OR (state = 'claimed' AND started_at > 0)"
UNKNOWN = "SELECT send_key FROM outbox WHERE state = 'unknown'"


class Dying(LoopbackSender):
    """Lets so many messages go; with the next one the machine loses its power."""

    def __init__(self, port: int, kind: Any, clock: ManualClock, home: Path, store: Path) -> None:
        super().__init__(port, kind, clock)
        self.n, self._home, self._store = 0, home, store

    def hand_off(self, message: Rendered) -> HandOff:
        self.n += 1
        outcome = super().hand_off(message)
        if self.n == 6:
            for ending in ("", "-wal"):  # what is on disk at this instant; the index in shared memory is gone
                shutil.copyfile(f"{self._store}{ending}", f"{self._home / 'secondorder.db'}{ending}")
            raise StoreUnavailable(why="the power is gone")
        return outcome


def commits(log: bytes) -> list[int]:
    """Give where each whole commit of a log ends, in bytes."""
    page = int.from_bytes(log[8:12], "big")
    ends = range(HEADER, len(log) - page - FRAME_HEADER + 1, FRAME_HEADER + page)
    salt = log[16:24]
    whole = [at for at in ends if log[at + 8 : at + 16] == salt]
    return [at + FRAME_HEADER + page for at in whole if int.from_bytes(log[at + 4 : at + 8], "big")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "secret.key").write_bytes(KEY)
    return folder


def lose_power(planned: Path, home: Path, journal: Path, port: int, kind: Any) -> Path:
    """Hand six messages off and lose the power before the sixth is marked; give the log that was left."""
    alive = home.parent / "alive.db"
    with closing(open_store(fresh_file(planned, alive))) as store:
        with store.unit_of_work() as uow:
            uow.audit.append("mia", "switch.stop", "nord", NOON, {})
        sender: Any = Dying(port, kind, ManualClock(NOON), home, alive)
        with pytest.raises(StoreUnavailable):
            dispatch(store, {"email": sender}, ManualClock(NOON), KEY, "nord")
    assert len(read_journal(journal)) == 6
    return home / "secondorder.db-wal"


def go_on(url: str, port: int, kind: Any) -> None:
    """Go on with what is left: at once, and again when old leases are over."""
    with closing(open_store(url)) as store:
        for minutes in (0, 3, 6):
            clock = ManualClock(NOON + timedelta(minutes=minutes))
            sender: Any = LoopbackSender(port, kind, clock)
            dispatch(store, {"email": sender}, clock, KEY, "nord")


@pytest.mark.parametrize(
    ("provider", "n_lost_commits"),
    [
        ("keyed", 99),
        ("blind", 0),
        ("blind", 2),
        *(pytest.param("keyed", n, marks=pytest.mark.long) for n in (0, 1, 2)),
        *(pytest.param("blind", n, marks=pytest.mark.long) for n in (1, 4, 99)),
    ],
)
def test_a7_a_cut_log_opens_at_the_last_whole_commit_and_a_keyed_provider_takes_nothing_twice(
    planned_database: tuple[Path, World], home: Path, provider: str, n_lost_commits: int
) -> None:
    """Cut in the middle of the frame behind the commit that is kept; the index of shared memory is missing."""
    journal = home.parent / "journal"
    with serving(journal) as port:
        log = lose_power(planned_database[0], home, journal, port, provider)
        content = log.read_bytes()
        ends = [HEADER, *commits(content)]
        kept = ends[max(0, len(ends) - 1 - n_lost_commits)]
        log.write_bytes(content[:kept] + content[kept : kept + 1000])
        url = f"sqlite:///{home / 'secondorder.db'}"
        with closing(open_store(url)) as store, store.read() as uow:
            assert uow.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        begun = {row[0] for row in read_rows(url, BEGUN)}
        before = read_journal(journal)
        go_on(url, port, provider)
    verdict, times = judge(url, journal, provider, NOON + timedelta(minutes=6)), Counter(read_journal(journal))
    assert (verdict.n_lost, verdict.n_unlisted, verdict.n_open) == (0, 0, 0)
    twice = {key for key, n in times.items() if n > 1}
    if provider == "keyed":
        assert twice == set()
    else:  # a blind provider gets again what the store does not know to have begun, and nothing else
        assert twice == set(before) - begun
        assert twice or n_lost_commits < 99
        assert not twice or n_lost_commits
        assert verdict.n_unknown == len({row[0] for row in read_rows(url, UNKNOWN)} & set(before)) > 0 or twice


@pytest.mark.parametrize("is_planted", [False, True])
def test_a7_lost_claims_stop_everything_until_a_person_compared_and_lets_it_go_on(
    planned_database: tuple[Path, World], home: Path, monkeypatch: pytest.MonkeyPatch, is_planted: bool
) -> None:
    """The file beside the store knows of more commits than the cut log; planted: nobody asks it, and mails double."""
    if is_planted:
        monkeypatch.setattr(Store, "has_lost_commits", lambda *_: False)
    journal, url = home.parent / "journal", f"sqlite:///{home / 'secondorder.db'}"
    with serving(journal) as port:
        log = lose_power(planned_database[0], home, journal, port, "blind")
        shutil.copyfile(home.parent / "alive.db-claims", home / "secondorder.db-claims")
        content = log.read_bytes()
        log.write_bytes(content[: commits(content)[-3]])
        before = Counter(read_journal(journal))
        with closing(open_store(url)) as store:
            assert store.is_behind()
        go_on(url, port, "blind")
        assert (Counter(read_journal(journal)) == before) is not is_planted
        if is_planted:
            assert max(Counter(read_journal(journal)).values()) == 2
            return
        with closing(open_store(url)) as store, store.read() as uow:
            assert [(one.set_by, one.is_stopped) for one in uow.switches.of("nord")] == [("system", True)]
            assert [one.code for one in uow.alerts.all("nord")] == ["kill_switch"]
        with closing(open_store(url)) as store:
            assert not store.is_behind()
            set_switch(store, ManualClock(NOON), ADMIN, "*", is_stopped=False)
        go_on(url, port, "blind")
        assert len(read_journal(journal)) > 40


def test_a7_other_commits_do_not_make_up_for_lost_ones(planned_database: tuple[Path, World], home: Path) -> None:
    path = home / "secondorder.db"
    with closing(open_store(fresh_file(planned_database[0], path))) as store:
        for _ in range(3):
            with store.unit_of_work(durable=True):
                pass
        assert (Path(f"{path}-claims").read_text(), store.is_behind()) == (f"{3:020}", False)
    shutil.copyfile(planned_database[0], path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        for _ in range(5):
            with store.unit_of_work(durable=True) as uow:
                assert store.has_lost_commits(uow)
        assert store.is_behind()


def test_a7_doctor_says_that_claims_were_lost(planned_database: tuple[Path, World], home: Path) -> None:
    shutil.copyfile(planned_database[0], home / "secondorder.db")
    (home / "secondorder.db-claims").write_text(f"{7:020}", encoding="ascii")
    with closing(App(load_settings(home=home), ManualClock(NOON))) as app:
        (found,) = [finding for finding in ready(app) if finding.part == "store"]
    assert (found.state, "Compare with the provider" in found.remedy) == ("bad", True)


@pytest.mark.parametrize(("is_cut", "state"), [(False, "good"), (True, "bad")])
def test_a7_doctor_says_that_the_audit_log_is_shorter_than_it_was(
    planned_database: tuple[Path, World], home: Path, is_cut: bool, state: str
) -> None:
    """A cut is silent in SQLite itself; the head that is kept outside of the database tells."""
    alive = home.parent / "alive"
    alive.mkdir()
    shutil.copyfile(planned_database[0], alive / "secondorder.db")
    with closing(App(load_settings(home=alive), ManualClock(NOON))) as app:
        for action in ("switch.stop", "switch.go"):
            with app.store.unit_of_work() as uow:
                uow.audit.append("mia", action, "nord", NOON, {})
        for path in alive.iterdir():
            if path.is_file() and not path.name.endswith("-shm"):
                shutil.copyfile(path, home / path.name)
    log = home / "secondorder.db-wal"
    content = log.read_bytes()
    log.write_bytes(content[: commits(content)[-2 if is_cut else -1]])
    with closing(App(load_settings(home=home), ManualClock(NOON))) as app:
        found = {finding.part: finding for finding in examine(app)}
    assert found["store"].state == "good"
    assert found["audit log"].state == state, found["audit log"]
    assert is_cut == ("is cut" in found["audit log"].found)
