"""The lift report as files to keep and send: its figures as CSV, its pictures as PNG, a page of it as PDF."""

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from memory.domain.base import Frozen
from memory.domain.experiment import Estimate, Interval
from memory.domain.money import exponent

from .lift_model import PlanLift
from .lift_more_text import MORE
from .lift_pictures import CAPTIONS, lift_pictures
from .lift_sections import look_lines
from .lift_text import WORDS, ReportLanguage, why_missing
from .lift_words import (
    arms_picture,
    diagnostic_lines,
    first_head,
    first_rows,
    head_lines,
    headline,
    money_rows,
    sections,
)

LiftFormat = Literal["pdf", "csv", "png"]
FORMATS: dict[LiftFormat, str] = {"pdf": "application/pdf", "csv": "text/csv", "png": "image/png"}
"""Each format with its content type."""
COLUMNS = ("table", "figure", "of", "unit", "estimate", "low_95", "high_95", "why_missing")
TEMPLATE = Path(__file__).parent / "lift_page.typ"
WIDTH, MARGIN, LINE = 560, 24, 22
"""Of the PNG, in its own units; it is drawn twice as fine."""
TEXT, SOFT, GROUND = "#1c2733", "#4d5965", "#ffffff"


class LiftFile(Frozen):
    """One file of a lift report."""

    name: str
    """What it is called when it is kept; ASCII."""
    media_type: str
    """Its content type."""
    content: bytes
    """What it holds."""


class _Cell(NamedTuple):
    table: str
    figure: str
    of: str
    unit: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""


def lift_file(report: PlanLift, form: LiftFormat, language: ReportLanguage = "en") -> LiftFile:
    """Give the report as a file."""
    made = {"pdf": lift_pdf, "csv": lift_csv, "png": lift_png}[form](report, language)
    name = f"lift-{report.plan_id[:12]}-{report.as_of:%Y-%m-%d}-{language}.{form}"
    return LiftFile(name=name, media_type=FORMATS[form], content=made)


def lift_csv(report: PlanLift, language: ReportLanguage = "en") -> bytes:
    """Give every figure as a row: table, figure, of whom, unit, estimate, interval, or why there is none.

    UTF-8 with a byte order mark, which spreadsheets need for Chinese. Sums are in major units of the currency.
    """
    from tools.neutral_csv import write_neutral_csv

    rows = list(_cells(report, language))
    columns = list(zip(*rows, strict=True))
    kinds = [pa.string()] * 4 + [pa.float64()] * 3 + [pa.string()]
    table = pa.table({name: pa.array(columns[i], kinds[i]) for i, name in enumerate(COLUMNS)})
    written = BytesIO(b"\xef\xbb\xbf")
    written.seek(0, 2)
    write_neutral_csv(table, written)
    return written.getvalue()


def lift_png(report: PlanLift, language: ReportLanguage = "en") -> bytes:
    """Give headline and pictures below each other as one PNG."""
    from tools.pictures import to_png

    lines = [WORDS[language]["title"].format(title=report.title), *_rpr_lines(report, language)]
    at, parts = MARGIN + LINE, []
    for number, line in enumerate(lines):
        for piece in _broken(line):
            size, ink = (17, TEXT) if number == 0 else (14, SOFT if number > 1 else TEXT)
            parts.append(f'<text x="{MARGIN}" y="{at}" font-size="{size}" fill="{ink}">{escape(piece)}</text>')
            at += LINE
    for caption, svg in _pictures(report, language):
        width, height = _size(svg)
        shown = WIDTH - 2 * MARGIN
        tall = round(height * shown / width)
        parts.append(f'<text x="{MARGIN}" y="{at + LINE}" font-size="13" fill="{SOFT}">{escape(caption)}</text>')
        parts.append(_placed(svg, MARGIN, at + LINE + 8, shown, tall))
        at += LINE + 8 + tall + 8
    box = f'viewBox="0 0 {WIDTH} {at + MARGIN}" width="{WIDTH}" height="{at + MARGIN}"'
    ground = f'<rect width="100%" height="100%" fill="{GROUND}"/>'
    return to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {box} '
        f'font-family="Noto Sans CJK SC">{ground}{"".join(parts)}</svg>'
    )


def lift_pdf(report: PlanLift, language: ReportLanguage = "en") -> bytes:
    """Give the report as pages of A4: what decides first, money, pictures, further tables, diagnostics last."""
    from tools.typeset import typeset

    words, pictures = WORDS[language], _pictures(report, language)
    names = (words["figure"], words["estimate"], words["interval"])
    tables = [{"title": words["money"], "head": names, "rows": money_rows(report, language), "note": ""}]
    tables += [one._asdict() for one in sections(report, language)]
    data: dict[str, Any] = {
        "lang": language,
        "title": words["title"].format(title=report.title),
        "headline": headline(report, language),
        "lines": head_lines(report, language),
        "first": {"head": first_head(language), "rows": first_rows(report, language)},
        "looks": look_lines(report, language),
        "pictures": [
            {"file": f"picture{number}.svg", "caption": caption} for number, (caption, _) in enumerate(pictures)
        ],
        "tables": tables,
        "diagnostics": {"title": words["diagnostics"], "lines": diagnostic_lines(report, language)},
    }
    drawn = {f"picture{number}.svg": _plain_svg(svg) for number, (_, svg) in enumerate(pictures)}
    return typeset(TEMPLATE.read_text(encoding="utf-8"), data, drawn, report.as_of)


def _rpr_lines(report: PlanLift, language: ReportLanguage) -> list[str]:
    name, treated, control, difference, interval = first_rows(report, language)[0]
    words = WORDS[language]
    said = f"{name}: {words['treated_arm']} {treated}, {words['control_arm']} {control}"
    return [f"{words['difference']}: {difference} {interval}".strip(), said, headline(report, language)]


def _pictures(report: PlanLift, language: ReportLanguage) -> list[tuple[str, str]]:
    arms = arms_picture(report, language)
    first = [(WORDS[language]["picture"], arms)] if arms else []
    drawn = lift_pictures(report, language)
    return [*first, *((MORE[language][CAPTIONS[name]], svg) for name, svg in drawn.items())]


def _cells(report: PlanLift, language: ReportLanguage) -> Iterator[_Cell]:
    """Give every figure of the report as a row."""
    unit, currency = 10 ** exponent(report.currency), report.currency

    def of(table: str, figure: str, whom: str, unit_name: str, estimate: Estimate, per: float, key: str) -> _Cell:
        if isinstance(estimate, Interval):
            ends = (estimate.estimate * per, estimate.low * per, estimate.high * per)
            return _Cell(table, figure, whom, unit_name, *ends)
        return _Cell(table, figure, whom, unit_name, None, why=why_missing(estimate, key, report, language))

    for whom, arm in (("treated", report.treated), ("control", report.control)):
        yield _Cell("result", "people", whom, "people", float(arm.n_people))
        yield _Cell("result", "people_who_ordered_again", whom, "people", float(arm.n_repeat))
        yield of("result", "rpr", whom, "%", arm.rpr, 100, "rpr")
        yield of("result", "aov", whom, currency, arm.aov_minor, 1 / unit, "aov")
        yield of("result", "clv_realised", whom, currency, arm.revenue_per_person_minor, 1 / unit, "clv")
    differences: tuple[tuple[str, str, Estimate, float, str], ...] = (
        ("rpr", "pp", report.rpr_difference_pp, 1, "rpr"),
        ("aov", currency, report.aov_difference_minor, 1 / unit, "aov"),
        ("clv_realised", currency, report.revenue_difference_minor, 1 / unit, "clv"),
        ("clv_margin_realised", currency, report.margin_difference_minor, 1 / unit, "clv_margin"),
    )
    for figure, name, estimate, per, key in differences:
        yield of("result", figure, "treated - control", name, estimate, per, key)
    yield of("money", "incremental_margin", "plan", currency, report.incremental_margin_minor, 1 / unit, "margin")
    if report.net_margin_minor is not None:
        yield of("money", "net_margin", "plan", currency, report.net_margin_minor, 1 / unit, "margin")
    yield of("money", "roi", "plan", "ratio", report.roi, 1, "roi")
    for figure, minor in (
        ("cost", report.cost_minor), ("cost_sends", report.costs.sends_minor),
        ("cost_incentives_observed", report.costs.observed_minor),
        ("cost_incentives_expected", report.costs.expected_minor),
    ):  # fmt: skip
        yield _Cell("money", figure, "plan", currency, minor / unit)
    for one in report.cohort_effects.cohorts if report.cohort_effects else ():
        yield of("cohorts", "rpr", one.cohort, "pp", one.effect, 1, "cohort")
    for clv in report.clv:
        yield of("clv", f"revenue_{clv.days}_days", "treated - control", currency, clv.revenue_difference_minor,
                 1 / unit, "clv")  # fmt: skip
        yield of("clv", f"margin_{clv.days}_days", "treated - control", currency, clv.margin_difference_minor,
                 1 / unit, "clv_margin")  # fmt: skip
    yield from _day_cells(report, unit)


def _day_cells(report: PlanLift, unit: int) -> Iterator[_Cell]:
    for day in report.days:
        name = f"day {day.day}"
        treated = (100 * day.treated_rate, 100 * day.treated_low, 100 * day.treated_high)
        control = (100 * day.control_rate, 100 * day.control_low, 100 * day.control_high)
        yield _Cell("repeat_curve", name, "treated", "%", *treated)
        yield _Cell("repeat_curve", name, "control", "%", *control)
        yield _Cell("lift_curve", name, "treated - control", "pp", day.lift_pp, day.lift_low_pp, day.lift_high_pp)
        margin = None if day.margin_minor is None else day.margin_minor / unit
        yield _Cell("money_curve", name, "incremental margin", report.currency, margin)
        yield _Cell("money_curve", name, "cost", report.currency, day.cost_minor / unit)


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    assert found is not None, "our pictures have a view box"
    return float(found[1]), float(found[2])


def _plain_svg(svg: str) -> str:
    """Give the picture with a size of its own instead of one that follows a page's."""
    width, height = _size(svg)
    head = svg[: svg.index(">")]
    head = re.sub(r' (?:style|width|height|role|aria-label)="[^"]*"', "", head)
    return f'{head} width="{width:g}" height="{height:g}"{svg[svg.index(">") :]}'


def _placed(svg: str, x: float, y: float, width: float, height: float) -> str:
    head = re.sub(r' (?:style|width|height|role|aria-label)="[^"]*"', "", svg[: svg.index(">")])
    return f'{head} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{svg[svg.index(">") :]}'


def _broken(line: str, most: float = 72.0) -> list[str]:
    """Break a line where it gets wider than the picture; a Chinese letter is as wide as two others."""
    pieces, now, wide = [], "", 0.0
    for word in re.findall(r"[^\W\d_\u4e00-\u9fff]+\s*|[\u4e00-\u9fff，。：；]|[\d.,%+\-\[\]]+\s*|.", line):
        width = sum(2.0 if ord(char) > 0x2E7F else 1.0 for char in word)
        if now and wide + width > most:
            pieces.append(now.rstrip())
            now, wide = "", 0.0
        now, wide = now + word, wide + width
    return [*pieces, now.rstrip()]
