"""Importing one file: read it, then change lake and store in one unit of work, or change nothing."""

import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter

from memory.domain.clock import Clock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.imports import ImportRow
from memory.store.unit_of_work import UnitOfWork
from tools.facts import Committed, commit_facts
from tools.identity.keys import Keys

from .commit import IntakeCommit, facts_of, files_of, look_up
from .importer import Importer
from .intake import Intake
from .limits import LIMITS, Limits
from .registry import importer
from .report import ImportReport, Progress, TableChange
from .source import Source


def import_file(
    store: Store,
    lake: Lake,
    shop_id: str,
    kind: str,
    path: Path | str,
    *,
    clock: Clock,
    key: bytes,
    principal_id: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> ImportReport:
    """Import one file: everything in it or nothing, the same content twice changes nothing.

    Wrong rows are left out and listed with their line. Raise `FileRefused` for a file that is broken or
    hostile, `UnknownImportKind`, and `NotFound` for an unknown shop. `dry_run` tells what would change.
    """
    started, chosen = perf_counter(), importer(kind)
    source = Source(chosen.locate(Path(path)), limits=limits, progress=progress)
    source.check()
    digest = f"{source.digest()}-{chosen.revision}"
    with store.read() as uow:
        shop = uow.shops.get(shop_id)
        if not dry_run and (known := _known(uow, shop_id, chosen, digest, source.name)):
            return known
    with tempfile.TemporaryDirectory(prefix="second-order-import-") as folder:
        intake = Intake(source, shop, Keys(key, shop_id, shop.home_market), clock.now(), Path(folder))
        chosen.read(intake)
        if progress is not None:
            progress(source.n_rows, source.n_bytes, source.n_bytes)
        work = _Work(lake, shop, chosen, intake, principal_id)
        report = work.preview(store) if dry_run else work.commit(store, digest)
    return report.model_copy(update={"seconds": round(perf_counter() - started, 3)})


def _known(uow: UnitOfWork, shop_id: str, chosen: Importer, digest: str, name: str) -> ImportReport | None:
    """Give the report of a file that was the last import of its kind: nothing can have changed since."""
    last = uow.imports.latest(shop_id, chosen.id)
    if last is None or last.file_hash != digest:
        return None
    before = ImportReport.model_validate({**last.report, "rejected": last.rejected})
    unchanged = {
        table: TableChange(n_unchanged=change.n_new + change.n_changed + change.n_unchanged)
        for table, change in before.changes.items()
    }
    return before.model_copy(
        update={
            "file_name": name, "n_new": 0, "n_changed": 0, "n_links": 0, "n_people": 0, "is_known_file": True,
            "n_unchanged": before.n_new + before.n_changed + before.n_unchanged, "changes": unchanged,
            "data_version": uow.versions.latest().number, "seconds": 0.0,
        }
    )  # fmt: skip


class _Work:
    """One import between reading and the report."""

    def __init__(self, lake: Lake, shop: Shop, chosen: Importer, intake: Intake, principal_id: str) -> None:
        self.lake = lake
        self.shop = shop
        self.chosen = chosen
        self.intake = intake
        self.principal_id = principal_id

    @property
    def at(self) -> datetime:
        return self.intake.at

    def preview(self, store: Store) -> ImportReport:
        """Compare with what is known and write nothing."""
        with store.read() as uow:
            look_up(uow, self.lake, self.intake)
            facts = facts_of(uow, self.lake, self.intake, files_of(uow, self.intake))
            committed = commit_facts(uow, self.lake, facts, self._reason, self.at, dry_run=True)
        return self._report(committed)

    def commit(self, store: Store, digest: str) -> ImportReport:
        """Change lake and store in one transaction."""
        way = IntakeCommit(self.lake, self.shop, self._reason, self._source_name, self.principal_id)
        with store.unit_of_work() as uow:
            taken = way.commit(uow, self.intake)
            report = self._report(taken.committed, n_links=taken.n_links, n_people=taken.n_people)
            self._record(uow, digest, report)
        return report

    @property
    def _reason(self) -> str:
        return f"import {self.chosen.id}"

    @property
    def _source_name(self) -> str:
        return f"{self.chosen.id}:{self.intake.source.name}"

    def _report(self, committed: Committed, *, n_links: int = 0, n_people: int = 0) -> ImportReport:
        intake, counts = self.intake, committed.counts
        changes = {
            table: TableChange(n_new=found.n_new, n_changed=found.n_changed, n_unchanged=found.n_unchanged)
            for table, found in counts.items()
        }
        facts = [change for table, change in changes.items() if not table.startswith("identit")]
        return ImportReport(
            shop_id=self.shop.shop_id,
            kind=self.chosen.id,
            file_name=intake.source.name,
            n_rows=intake.source.n_rows,
            n_new=sum(change.n_new for change in facts),
            n_changed=sum(change.n_changed for change in facts),
            n_unchanged=sum(change.n_unchanged for change in facts),
            n_rejected=intake.n_rejected,
            rejected=tuple(intake.rejected),
            left_out=intake.left_out,
            changes=changes,
            n_links=n_links,
            n_people=n_people,
            is_dry_run=committed.is_dry_run,
            data_version=committed.data_version,
            seconds=0.0,
        )

    def _record(self, uow: UnitOfWork, digest: str, report: ImportReport) -> None:
        plain = report.model_dump(mode="json")
        rejected = plain.pop("rejected")
        uow.imports.add(
            ImportRow(
                shop_id=self.shop.shop_id, kind=self.chosen.id, file_name=self.intake.source.name, file_hash=digest,
                n_bytes=self.intake.source.n_bytes, principal_id=self.principal_id, at=self.at,
                data_version=report.data_version, report=plain, rejected=rejected,
            )
        )  # fmt: skip
