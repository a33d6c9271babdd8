"""The first run as HTML."""

from datetime import UTC, datetime

import pytest

from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.ui.start.view import render_done, render_readiness, render_report, size
from api.verbs.imports import DoneImport
from tools.ingest import ImportReport, RejectedRow
from tools.readiness import Readiness

FIGURES = {"n_rows": 3, "n_new": 2, "n_changed": 0, "n_unchanged": 0, "n_rejected": 0}
TITLES = {"costs": "Costs <b>"}


def _report(**changes: object) -> ImportReport:
    fields = {"shop_id": "alpha", "kind": "costs", "file_name": "c.csv", "data_version": 1, "seconds": 0.1}
    return ImportReport.model_validate({**fields, **FIGURES, **changes})


@pytest.mark.parametrize(("n_bytes", "said"), [(10, "1 KB"), (2_048, "2 KB"), (512 * 2**20, "512 MB")])
def test_a_size_has_its_unit(n_bytes: int, said: str) -> None:
    assert size(n_bytes, "en") == said


def test_a_dry_run_says_what_would_change_and_an_import_what_did() -> None:
    say = words("en")
    assert "Nothing is written yet" in render_report(_report(is_dry_run=True), say)
    assert "Imported: 2 facts" in render_report(_report(), say)
    assert "changes nothing" in render_report(_report(n_new=0, n_unchanged=2), say)
    assert "changes nothing" in render_report(_report(n_new=0, is_known_file=True), say)


def test_rows_that_cannot_be_read_stand_with_line_and_reason_and_never_as_html() -> None:
    rows = tuple(RejectedRow(line=at, reason="<script>x</script>\u202e") for at in range(2, 102))
    html = render_report(_report(n_rejected=2_500, rejected=rows), words("en"))
    assert "50 of 2,500 rows" in html
    assert "<script>" not in html
    assert "U+202E" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_readiness_names_the_file_that_unlocks_more(language: UiLanguage) -> None:
    found = (
        Readiness(element="a", title={"en": "A", "zh": "甲"}, status="works"),
        Readiness(
            element="b", title={"en": "B", "zh": "乙"}, status="cannot", assumption={"en": "none", "zh": "无"},
            fix_kinds=("costs",),
        ),
    )  # fmt: skip
    html = render_readiness(found, TITLES, words(language))
    assert "Costs &lt;b&gt;" in html
    assert ("甲" if language == "zh" else "A") in html
    assert "<table" not in render_readiness(found[:1], TITLES, words(language))


def test_what_came_in_is_listed_with_zone() -> None:
    one = DoneImport(
        kind="costs", file_name="<i>.csv", by="mia", at=datetime(2026, 1, 1, tzinfo=UTC), n_rows=1_200, n_rejected=0
    )
    html = render_done((one,), TITLES, words("en"), "Europe/Berlin")
    assert "(Europe/Berlin)" in html
    assert "1,200" in html
    assert "<i>" not in html
    assert render_done((), TITLES, words("en"), "Europe/Berlin") == ""
