"""The lift report as text and as a page, in English and Chinese. The first table holds what decides."""

import html
from collections.abc import Callable, Sequence
from typing import NamedTuple

from memory.domain.experiment import ArmFigures, Estimate, Interval
from memory.domain.outcome import NotEstimable

from .columns import fitted
from .lift_model import PlanLift
from .lift_more_text import MORE
from .lift_part_words import PART_WORDS, money_head, part_alarms, part_head, part_money_rows, part_note, part_rows
from .lift_pictures import CAPTIONS, lift_pictures
from .lift_sections import (
    Shown,
    adjusted_rows,
    attributed_line,
    cells,
    clv_rows,
    cohort_lines,
    cohorts_differ,
    cost_rows,
    goal_lines,
    leak_lines,
    look_lines,
    money_of,
    net_rows,
    points_of,
    signed,
)
from .lift_text import WORDS, ReportLanguage, observed
from .style import page

Row = tuple[str, str, str]
FirstRow = tuple[str, str, str, str, str]


def render_lift(report: PlanLift, language: ReportLanguage = "en") -> str:
    """Give the report as plain text."""
    words = WORDS[language]
    parts = [
        words["title"].format(title=report.title),
        headline(report, language),
        *head_lines(report, language),
        "",
        *fitted(first_rows(report, language), first_head(language)),
        *look_lines(report, language),
        "",
        f"{words['money']}:",
        *fitted(money_rows(report, language)),
        *(line for section in sections(report, language) for line in _section_lines(section)),
        "",
        f"{words['diagnostics']}:",
        *diagnostic_lines(report, language),
    ]
    return "\n".join(parts)


def render_lift_page(report: PlanLift, language: ReportLanguage = "en") -> str:
    """Give the report as one HTML page with its picture inside."""
    words = WORDS[language]
    head = f"<p><strong>{html.escape(headline(report, language))}</strong></p>"
    head += "".join(f"<p>{html.escape(line)}</p>" for line in head_lines(report, language))
    names = (words["figure"], words["estimate"], words["interval"])
    looks = "".join(f"<p>{html.escape(line)}</p>" for line in look_lines(report, language))
    pictures = (
        f"<figure>{svg}<figcaption>{html.escape(MORE[language][CAPTIONS[name]])}</figcaption></figure>"
        for name, svg in lift_pictures(report, language).items()
    )
    tables = "".join(
        f"<h2>{html.escape(one.title)}</h2>{_table(one.head, one.rows)}<p>{html.escape(one.note)}</p>"
        for one in sections(report, language)
    )
    foot = "".join(f"<p>{html.escape(line)}</p>" for line in diagnostic_lines(report, language))
    return page(
        words["title"].format(title=report.title),
        language,
        f"{head}{_table(first_head(language), first_rows(report, language))}{looks}{arms_picture(report, language)}",
        f"<h2>{html.escape(words['money'])}</h2>{_table(names, money_rows(report, language))}{''.join(pictures)}",
        f"{tables}<h2>{html.escape(words['diagnostics'])}</h2>{foot}",
    )


def headline(report: PlanLift, language: ReportLanguage) -> str:
    """Say first what a messaged person was worth more than a withheld one, over which days and how certain (S2-06)."""
    words = WORDS[language]
    value, interval = cells(report, language, "clv", report.revenue_difference_minor, signed(money_of(report)))
    said = words["between"].format(value=value, interval=interval) if interval else value
    return words["headline"].format(days=observed(report, language), value=said.rstrip(".。"))


def first_rows(report: PlanLift, language: ReportLanguage) -> list[FirstRow]:
    """Give the deciding table: RPR, AOV and CLV, each (figure, messaged, withheld, difference, interval)."""
    words, money = WORDS[language], money_of(report)
    shown: list[tuple[str, str, Callable[[ArmFigures], Estimate], Shown, Estimate, Shown]] = [
        ("rpr", words["rpr"], lambda arm: arm.rpr, _share, report.rpr_difference_pp, points_of(language)),
        ("aov", words["aov"], lambda arm: arm.aov_minor, money, report.aov_difference_minor, signed(money)),
        (
            "clv",
            words["clv"].format(days=observed(report, language)),
            lambda arm: arm.revenue_per_person_minor,
            money,
            report.revenue_difference_minor,
            signed(money),
        ),
    ]
    rows: list[FirstRow] = []
    for figure, name, of, level, difference, apart in shown:
        treated, control = _arm_cell(of(report.treated), level), _arm_cell(of(report.control), level)
        rows.append((name, treated, control, *cells(report, language, figure, difference, apart)))
    return rows


def money_rows(report: PlanLift, language: ReportLanguage) -> list[Row]:
    """Give what stands behind the deciding table: relative lift, margin, cost, return (figure, estimate, interval)."""
    words, money = WORDS[language], money_of(report)
    points = points_of(language)

    def row(figure: str, estimate: Estimate, shown: Shown) -> Row:
        return (words[figure], *cells(report, language, figure, estimate, shown))

    return [
        row("relative", report.rpr_relative_lift, _signed_share),
        row("clv_margin", report.margin_difference_minor, signed(money)),
        row("margin", report.incremental_margin_minor, money),
        (words["cost"], money(report.cost_minor), ""),
        *cost_rows(report, language),
        *net_rows(report, language),
        row("roi", report.roi, lambda value: f"{value:.2f}"),
        (*row("detectable", report.detectable_lift_pp, points)[:2], ""),
    ]


class Section(NamedTuple):
    """One table after the money."""

    title: str
    """Its heading."""
    head: tuple[str, ...]
    """Names of its columns."""
    rows: Sequence[tuple[str, ...]]
    """Its rows."""
    note: str = ""
    """A sentence under it."""


def _section_lines(section: Section) -> list[str]:
    head = section.head if len(section.head) > 3 else ()
    return ["", f"{section.title}:", *fitted(section.rows, head), *([section.note] if section.note else [])]


def sections(report: PlanLift, language: ReportLanguage) -> list[Section]:
    """Give the tables after the money: title, column names, rows."""
    words, more = WORDS[language], MORE[language]
    names = (words["figure"], words["estimate"], words["interval"])
    found: list[Section] = []
    if report.clv:
        head = (words["figure"], more["clv_revenue"], more["clv_margin"], words["interval"])
        found.append(Section(more["clv"], head, clv_rows(report, language)))
    if report.adjusted is not None:
        found.append(Section(more["adjusted"], names, adjusted_rows(report, language)))
    if report.cohort_effects is not None:
        head = (more["cohort_head"], more["effect"], more["shrunk"], more["p"])
        rows = cohort_lines(report, language)
        found.append(Section(words["cohorts"], head, rows, cohorts_differ(report, language)))
    if report.parts:
        of_parts, note = PART_WORDS[language], part_note(report, language)
        found.append(Section(of_parts["title"], part_head(language), part_rows(report, language), note))
        found.append(Section(of_parts["money"], money_head(language), part_money_rows(report, language)))
    return found


def first_head(language: ReportLanguage) -> FirstRow:
    """Give the names of the deciding table's columns."""
    words = WORDS[language]
    return (words["figure"], words["treated_arm"], words["control_arm"], words["difference"], words["interval"])


def head_lines(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say who was compared over which days, whether the arms are what was promised, who leaked, where the goal is."""
    words, ratio = WORDS[language], report.sample_ratio
    said = [
        words["arms"].format(n_treated=f"{report.treated.n_people:,}", n_control=f"{report.control.n_people:,}"),
        words["window"].format(starts=_day(report.starts_at), ends=_day(report.ends_at), as_of=_day(report.as_of)),
        words["final" if report.is_final else "open"],
        words["ratio"].format(
            actual=f"{ratio.actual_control_rate:.1%}",
            expected=f"{ratio.expected_control_rate:.1%}",
            p=f"{ratio.p_value:.2f}",
        ),
    ]
    return [
        *said,
        *([words["suspicious"]] if ratio.is_suspicious else []),
        *leak_lines(report, language),
        *part_alarms(report, language),
        *goal_lines(report, language),
    ]


def diagnostic_lines(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say what the channels show; it decides nothing."""
    words, seen = WORDS[language], report.diagnostics
    states = ", ".join(f"{state} {n:,}" for state, n in seen.messages.items()) or "0"
    opens = words["opens"].format(
        n=seen.n_opens, machine=seen.n_machine_opens, clicks=seen.n_clicks, machine_clicks=seen.n_machine_clicks
    )
    claimed = [attributed_line(report, language)] if seen.n_attributed else []
    return [words["messages"].format(states=states), opens, *claimed, *_leaving(report, language)]


def _leaving(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say through which steps, contents and cohorts people left; groups nobody left through are not listed."""
    words, seen = WORDS[language], report.diagnostics
    found = []
    for what, groups in (
        ("by_step", seen.leaving_by_step), ("by_content", seen.leaving_by_content),
        ("by_cohort", seen.leaving_by_cohort),
    ):  # fmt: skip
        rows = ", ".join(f"{one.group} {one.n_left:,}/{one.n_sent:,}" for one in groups if one.n_left)
        if rows:
            found.append(words["left"].format(what=words[what], rows=rows))
    if seen.leaving_reasons:
        rows = ", ".join(f"{reason} {n:,}" for reason, n in seen.leaving_reasons.items())
        found.append(words["reasons"].format(rows=rows))
    return found


def arms_picture(report: PlanLift, language: ReportLanguage) -> str:
    """Draw both arms' repeat purchase rates as SVG; empty where one of them cannot be read."""
    from tools.pictures import arms_with_intervals

    words = WORDS[language]
    treated, control = report.treated.rpr, report.control.rpr
    if isinstance(treated, NotEstimable) or isinstance(control, NotEstimable):
        return ""
    difference = " ".join(cells(report, language, "rpr", report.rpr_difference_pp, points_of(language)))
    return arms_with_intervals(
        (words["treated_arm"], treated), (words["control_arm"], control), label=words["picture"], difference=difference
    )


def _table(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{html.escape(row[0])}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _arm_cell(estimate: Estimate, shown: Shown) -> str:
    """Give one arm's level; why there is none stands beside, in the difference."""
    return shown(estimate.estimate) if isinstance(estimate, Interval) else "–"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _signed_share(value: float) -> str:
    return f"{value:+.1%}"


def _day(at: object) -> str:
    return str(at)[:10]
