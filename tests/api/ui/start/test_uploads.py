"""Files between the drop and the import."""

from pathlib import Path
from typing import get_args

import pytest

from agent.assembly import App
from api.ui.start.uploads import ORDER, Uploads, safe_name
from memory.domain.errors import InvalidInput
from tests.api.verbs.acting import as_
from tools.ingest import ImportKind

COSTS = b"sku,cost,currency\nA-1,5.00,EUR\nA-2,minus,EUR\n"


def _put(of: Uploads, name: str, content: bytes) -> Path:
    path = of.place(name)
    path.write_bytes(content)
    return path


def test_every_kind_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(get_args(ImportKind))


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\shop\\a.csv", "a.csv"), ("\u202e\x00", "upload"), (".hidden", "hidden")],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_file_is_tried_then_imported_once(installation: App) -> None:
    mia, files = as_(installation, "mia", "marketer"), Uploads()
    one = files.add(_put(files, "my costs.csv", COSTS), 1_000)
    assert one.kind == "costs"
    one.check(mia)
    assert one.report is not None
    assert (one.is_ready, one.is_done, one.report.n_new) == (True, False, 1)
    assert [(row.line, bool(row.reason)) for row in one.report.rejected] == [(3, True)]
    one.take(mia)
    assert (one.is_ready, one.is_done) == (False, True)
    again = files.add(_put(files, "my costs.csv", COSTS), 1_000)
    again.check(mia)
    again.take(mia)
    assert again.report is not None
    assert (again.report.n_new, again.report.is_known_file) == (0, True)
    files.clear()
    assert not files.folder.exists()


def test_a_file_of_the_wrong_kind_is_refused_as_a_whole(installation: App) -> None:
    mia, files = as_(installation, "mia", "marketer"), Uploads()
    one = files.add(_put(files, "costs.csv", COSTS), 1_000)
    one.kind = "stock"
    one.check(mia)
    assert "columns are missing" in str(one.refused)
    assert files.ready() == []
    unknown = files.add(_put(files, "notes.txt", b"hello"), 1_000)
    unknown.check(mia)
    assert (unknown.kind, unknown.is_ready, unknown.refused) == ("", False, None)
    files.put_away(unknown)
    assert files.files == [one]
    with pytest.raises(InvalidInput):
        files.add(_put(files, "large.csv", b"x" * 1_001), 1_000)
    files.clear()
