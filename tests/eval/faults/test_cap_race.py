"""The cap race (B2), the short form on both databases; the long one is `python -m eval.faults.cap_race`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.dispatch.claim import BATCH
from eval.faults.cap_race import judge, prepare, race, work
from memory.store.engine import Store

pytestmark = pytest.mark.slow


def test_b2_many_workers_use_every_cap_up_and_pass_none(any_store: Store) -> None:
    url = any_store.engine.url.render_as_string(hide_password=False)
    n = prepare(url, 2)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: work(url, f"w{number}"), range(4)))
    report = judge(url, n, 2)
    assert report.holds, report
    assert (report.n_attempts, report.n_sent) == (64, 6)


def test_b2_processes_of_their_own_on_sqlite_use_every_cap_up_and_pass_none(sqlite_store: Store) -> None:
    """Three processes that share nothing but the file; the same messages under the same keys each time."""
    report = race(str(sqlite_store.engine.url), n_people=2, n_workers=3)
    assert report.holds, report
    assert (report.n_attempts, report.n_sent) == (64, 6)


def test_b2_looking_first_and_inserting_later_passes_the_cap(sqlite_store: Store) -> None:
    """The planted bug: slots are looked up in a transaction of their own, before the batches; it takes two of them."""
    url = str(sqlite_store.engine.url)
    n = prepare(url, 4)
    assert n > BATCH
    work(url, "w", is_planted=True)
    report = judge(url, n, 4)
    assert report.n_over >= 1
    assert not report.holds
