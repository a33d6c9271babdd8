"""Replaying a folder of bundles one after the other; a session that cannot be replayed is a result, not an error."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from agent.sessions.bundle import is_bundle, read_bundle
from agent.sessions.signing import fingerprint_of
from memory.domain.base import Count, Frozen
from memory.domain.errors import InvalidInput, SecondOrderError

from .report import ReplayReport
from .run import replay_bundle

BatchResult = Literal["same", "differs", "refused"]


class BatchRow(Frozen):
    """One session of the folder."""

    name: str
    """Its folder."""
    result: BatchResult
    """Whether it replays to the same hashes, or was refused before anything ran.

    `same` includes decisions that are `incomplete`: only batches that lost erased people have other hashes."""
    why: str = ""
    """What differs, or why it was refused."""
    report: ReplayReport | None = None
    """The replay; none where it was refused."""


class BatchReport(Frozen):
    """Every session of a folder."""

    rows: tuple[BatchRow, ...]
    """In the order of their names."""
    n_same: Count
    """Sessions that replay to the same hashes, or are `incomplete` and otherwise the same."""
    n_differs: Count
    """Sessions that do not."""
    n_refused: Count
    """Sessions that were refused."""

    @property
    def holds(self) -> bool:
        """Say whether every session counts as the same."""
        return self.n_same == len(self.rows)


def replay_folder(folder: Path, key: bytes | None, trusted: Sequence[str] = ()) -> BatchReport:
    """Replay every bundle in the folder; raise `InvalidInput` where there is none."""
    found = sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink() and is_bundle(each))
    if not found:
        raise InvalidInput(
            what=f"The folder {folder.name}",
            why="it holds no exported session",
            remedy="Write one with `secondorder session export`",
        )
    return batch_of(_row(each, key, trusted) for each in found)


def batch_of(rows: Iterable[BatchRow]) -> BatchReport:
    """Count the rows."""
    given = tuple(rows)
    n = {result: sum(row.result == result for row in given) for result in ("same", "differs", "refused")}
    return BatchReport(rows=given, n_same=n["same"], n_differs=n["differs"], n_refused=n["refused"])


def replay_export(folder: Path, key: bytes | None, trusted: Sequence[str] = ()) -> ReplayReport:
    """Replay one bundle; raise what reading it raises."""
    bundle = read_bundle(folder, key, trusted)
    is_own = key is not None and bundle.signer == fingerprint_of(key)
    return replay_bundle(bundle, key if is_own else None)


def junit(report: BatchReport) -> bytes:
    """Give the batch as JUnit XML: a session that differs is a failure, a refused one an error."""
    suite = ElementTree.Element(
        "testsuite",
        {
            "name": "secondorder session replay",
            "tests": str(len(report.rows)),
            "failures": str(report.n_differs),
            "errors": str(report.n_refused),
            "skipped": "0",
        },
    )
    for row in report.rows:
        case = ElementTree.SubElement(suite, "testcase", {"classname": "session", "name": row.name})
        if row.result != "same":
            tag = "failure" if row.result == "differs" else "error"
            ElementTree.SubElement(case, tag, {"message": row.why[:500]}).text = row.why
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _row(folder: Path, key: bytes | None, trusted: Sequence[str]) -> BatchRow:
    try:
        report = replay_export(folder, key, trusted)
    except SecondOrderError as error:
        return BatchRow(name=folder.name, result="refused", why=str(error))
    return row_of(folder.name, report)


def row_of(name: str, report: ReplayReport) -> BatchRow:
    """Give the row of a session that was replayed."""
    if report.holds:
        return BatchRow(name=name, result="same", report=report)
    hashes = ["decision hashes differ"] if report.decisions == "differ" else []
    return BatchRow(name=name, result="differs", why="; ".join([*report.drift, *hashes]), report=report)
