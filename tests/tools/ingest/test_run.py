"""Importing one file: idempotent, revised, previewed, all or nothing."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from memory.domain.errors import NotFound
from tests.factories.imports import Intaker, order_rows, write_lines, write_orders
from tools.ingest import UnknownImportKind
from tools.ingest import commit as run_module

VIEW = {"id": "e1", "at": "2026-01-10T10:00:00+00:00", "kind": "view", "email": "ann@example.com", "sku": "SHOE-1"}


def test_s2_07_the_same_event_twice_is_one(intaker: Intaker) -> None:
    intaker.events(VIEW)
    again = intaker("events", write_lines(intaker.folder / "other.jsonl", VIEW, {**VIEW, "id": "e2"}))
    assert (again.n_new, again.n_changed, again.n_unchanged) == (1, 0, 1)
    assert len(intaker.rows("events")) == 2


def test_d6_the_same_file_twice_changes_nothing(intaker: Intaker) -> None:
    path = write_orders(intaker.folder / "o.csv", order_rows("#1"), order_rows("#2"))
    first, second = intaker("shopify-orders", path), intaker("shopify-orders", path)
    assert first.n_new == 4
    assert (second.n_new, second.n_changed, second.n_unchanged) == (0, 0, 4)
    assert second.is_known_file
    assert second.data_version == first.data_version == 1


def test_the_same_facts_in_another_file_are_unchanged(intaker: Intaker) -> None:
    intaker("shopify-orders", write_orders(intaker.folder / "a.csv", order_rows("#1")))
    report = intaker("shopify-orders", write_orders(intaker.folder / "b.csv", order_rows("#1"), order_rows("#2")))
    assert (report.n_new, report.n_unchanged) == (2, 2)


def test_changed_content_is_a_new_revision_and_old_versions_stay_readable(intaker: Intaker) -> None:
    intaker("shopify-orders", write_orders(intaker.folder / "a.csv", order_rows("#1")))
    refunded = write_orders(intaker.folder / "b.csv", order_rows("#1", Refunded_Amount="10.00"))
    report = intaker("shopify-orders", refunded)
    assert (report.n_changed, report.data_version) == (1, 2)
    (order,) = intaker.rows("orders")
    assert (order["revision"], order["refunded_minor"]) == (2, 1000)
    with intaker.store.read() as uow, intaker.lake.open(uow.versions.get(1).tables) as view:
        assert view.table("orders").to_pyarrow()["refunded_minor"].to_pylist() == [0]


def test_going_back_to_an_old_file_is_a_further_revision(intaker: Intaker) -> None:
    old = write_orders(intaker.folder / "a.csv", order_rows("#1"))
    intaker("shopify-orders", old)
    intaker("shopify-orders", write_orders(intaker.folder / "b.csv", order_rows("#1", Refunded_Amount="10.00")))
    assert intaker("shopify-orders", old).n_changed == 1
    assert intaker.rows("orders")[0]["refunded_minor"] == 0


def test_a_dry_run_tells_what_would_change_and_changes_nothing(intaker: Intaker) -> None:
    path = write_orders(intaker.folder / "o.csv", order_rows("#1"), order_rows("#2", Currency="euro"))
    report = intaker("shopify-orders", path, dry_run=True)
    assert (report.is_dry_run, report.n_new, report.n_rejected, report.data_version) == (True, 2, 1, 0)
    assert intaker.rows("orders") == []
    assert intaker.state() == {}
    assert intaker("shopify-orders", path).n_new == 2


def test_progress_ends_at_the_whole_file(intaker: Intaker) -> None:
    heard: list[tuple[int, int, int]] = []
    path = write_lines(intaker.folder / "e.jsonl", *({**VIEW, "id": f"e{n}"} for n in range(12_000)))
    intaker("events", path, progress=lambda *said: heard.append(said))
    assert [rows for rows, _, _ in heard] == [5_000, 10_000, 12_000]
    assert heard[-1][1] == heard[-1][2] == path.stat().st_size


def test_unknown_kinds_and_shops_are_refused(intaker: Intaker) -> None:
    path = write_lines(intaker.folder / "e.jsonl", VIEW)
    with pytest.raises(UnknownImportKind, match="shopify-orders"):
        intaker("newsletter", path)
    with pytest.raises(NotFound):
        intaker._replace(shop=intaker.shop.model_copy(update={"shop_id": "nowhere"}))("events", path)


def test_the_import_record_keeps_report_and_rejected_rows(intaker: Intaker) -> None:
    intaker.events(VIEW, {"id": "e2", "kind": "view"})
    with intaker.store.read() as uow:
        record = uow.imports.latest(intaker.shop.shop_id, "events")
    assert record is not None
    assert record.principal_id == "mia"
    assert record.rejected == [{"line": 2, "reason": "at is missing"}]
    assert record.report["n_new"] == 1


def test_d6_an_error_after_the_lake_was_written_leaves_nothing(
    intaker: Intaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise RuntimeError("planted")

    path = write_orders(intaker.folder / "o.csv", order_rows("#1", Accepts_Marketing="yes"))
    monkeypatch.setattr(run_module, "update_state", fails)
    with pytest.raises(RuntimeError, match="planted"):
        intaker("shopify-orders", path)
    with intaker.store.read() as uow:
        assert uow.versions.latest().number == 0
        assert uow.imports.all(intaker.shop.shop_id) == []
        assert uow.contacts.is_empty(intaker.shop.shop_id)
    monkeypatch.undo()
    assert intaker("shopify-orders", path).n_new == 3
    assert len(intaker.rows("orders")) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", [*(pytest.param(point, marks=pytest.mark.long) for point in ("commit_facts", "update_state")), "record"]
)
def test_d6_a_kill_in_the_middle_leaves_nothing(intaker: Intaker, point: str) -> None:
    path = write_orders(intaker.folder / "o.csv", order_rows("#1", Accepts_Marketing="yes"))
    script = textwrap.dedent(f"""
        import os, signal, sys
        from datetime import UTC, datetime
        from pathlib import Path
        from memory.domain.clock import ManualClock
        from memory.lake.lake import Lake
        from memory.store.engine import open_store
        from tools.ingest import commit, import_file, run
        def die(real):
            def killed(*args, **options):
                if {point!r} == "commit_facts":
                    real(*args, **options)
                os.kill(os.getpid(), signal.SIGKILL)
            return killed
        if {point!r} == "record":
            run._Work._record = die(None)
        else:
            setattr(commit, {point!r}, die(getattr(commit, {point!r})))
        store = open_store(sys.argv[1])
        import_file(store, Lake(Path(sys.argv[2])), {intaker.shop.shop_id!r}, "shopify-orders", Path(sys.argv[3]),
                    clock=ManualClock(datetime(2026, 1, 15, tzinfo=UTC)), key={intaker.key!r}, principal_id="mia")
    """)
    command = [sys.executable, "-c", script, str(intaker.store.engine.url), str(intaker.lake.root), str(path)]
    died = subprocess.run(command, check=False, cwd=Path(__file__).parents[3], env={**os.environ})
    assert died.returncode == -signal.SIGKILL
    assert intaker.rows("orders") == []
    assert intaker.state() == {}
    assert intaker("shopify-orders", path).n_new == 3
    assert len(intaker.rows("orders")) == 1
