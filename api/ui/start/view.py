"""The parts of the first run as HTML: a file's report, what came in, what the data makes possible."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.numbers import instant, whole
from api.ui.shell.parts import Figure, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import UiLanguage, Words

if TYPE_CHECKING:
    from api.verbs.imports import DoneImport
    from tools.ingest import ImportReport
    from tools.readiness import Readiness

N_LISTED = 50
"""Rejected rows that are shown; the report keeps more."""
MEGABYTE = 2**20
STATES = {"cannot": "stopped", "assumes": "waiting", "works": ""}


def size(n_bytes: int, language: UiLanguage) -> str:
    """Give a file's size: 12 KB, 3 MB, in steps of 1,024."""
    if n_bytes < MEGABYTE:
        return f"{whole(max(1, n_bytes / 1_024), language)} KB"
    return f"{whole(n_bytes / MEGABYTE, language)} MB"


def render_report(report: "ImportReport", words: Words) -> str:
    """Give what a file would change or has changed, and the rows that cannot be read."""
    language = words.language
    said = _outcome(report, words)
    shown = figures(
        Figure(words("start", name), whole(number, language))
        for name, number in (
            ("rows", report.n_rows),
            ("new", report.n_new),
            ("changed", report.n_changed),
            ("unchanged", report.n_unchanged),
            ("rejected", report.n_rejected),
        )
    )
    left = "".join(
        f"<li>{escape(rule.replace('_', ' '))}: {whole(number, language)}</li>"
        for rule, number in report.left_out.items()
    )
    left_out = f'<p class="so-soft">{escape(words("start", "left_out"))}</p><ul>{left}</ul>' if left else ""
    return f"{said}{shown}{left_out}{_rejected(report, words)}"


def _outcome(report: "ImportReport", words: Words) -> str:
    if report.is_known_file or not report.n_new + report.n_changed:
        return notice(escape(words("start", "nothing_new")))
    name = "would" if report.is_dry_run else "did"
    return notice(escape(words("start", name).format(n=whole(report.n_new + report.n_changed, words.language))))


def _rejected(report: "ImportReport", words: Words) -> str:
    if not report.n_rejected:
        return ""
    shown = report.rejected[:N_LISTED]
    rows = [(whole(one.line, words.language), visible(one.reason)) for one in shown]
    caption = words("start", "rejected_rows").format(
        n=whole(len(shown), words.language), all=whole(report.n_rejected, words.language)
    )
    body = table(caption, (words("start", "line"), words("start", "reason")), rows)
    return f'<details class="so-more"><summary>{escape(words("start", "show_rejected"))}</summary>{body}</details>'


def render_done(found: "tuple[DoneImport, ...]", titles: dict[str, str], words: Words, zone: str) -> str:
    """Give the newest import of each kind, or nothing where nothing came in."""
    if not found:
        return ""
    rows = [
        (
            escape(titles.get(one.kind, one.kind)),
            visible(one.file_name),
            whole(one.n_rows, words.language),
            whole(one.n_rejected, words.language),
            escape(instant(one.at, zone, words.language)),
        )
        for one in found
    ]
    heads = tuple(words("start", name) for name in ("kind", "file", "rows", "rejected", "at"))
    return table(words("start", "came_in"), heads, rows, numbers=frozenset({2, 3}))


def render_readiness(found: "Iterable[Readiness]", titles: dict[str, str], words: Words) -> str:
    """Give per element of a plan whether it works, and which file would unlock more."""
    shown = tuple(found)
    works = [one for one in shown if one.status == "works"]
    rows = [
        (
            escape(_said(one.title, words)),
            status(words("start", "ready", one.status), STATES[one.status]),
            escape(_said(one.assumption, words)),
            escape(" / ".join(titles.get(kind, kind) for kind in one.fix_kinds)),
        )
        for one in sorted(shown, key=lambda one: tuple(STATES).index(one.status))
        if one.status != "works"
    ]
    heads = tuple(words("start", name) for name in ("element", "state", "missing", "unlocks"))
    said = escape(words("start", "ready_of").format(n=len(works), all=len(shown)))
    names = ", ".join(escape(_said(one.title, words)) for one in works)
    more = f"<p><b>{said}</b>{f'<br><span class=so-soft>{names}</span>' if names else ''}</p>"
    return more + (table(words("start", "not_yet"), heads, rows) if rows else "")


def _said(text: dict[str, str], words: Words) -> str:
    return text.get(words.language, text.get("en", ""))
