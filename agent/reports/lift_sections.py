"""Sections of the lift report beyond its deciding table: looks, leaks, adjustment, horizons, cohorts."""

from collections.abc import Callable

from memory.domain.evidence import Adjusted, AnytimeReadout, CohortEffect, ExactEvidence, PlannedReadout
from memory.domain.experiment import Estimate, Interval
from memory.domain.money import exponent
from memory.domain.outcome import NotEstimable
from tools.experiments.intervals import scaled

from .lift_model import PlanLift
from .lift_more_text import MORE
from .lift_text import COHORTS, WORDS, ReportLanguage, why_missing

Shown = Callable[[float], str]


def money_of(report: PlanLift, *, is_whole: bool = False) -> Shown:
    """Give how a sum in minor units is written; `is_whole` leaves the decimals out."""
    unit, decimals = 10 ** exponent(report.currency), 0 if is_whole else exponent(report.currency)
    return lambda minor: f"{minor / unit:,.{decimals}f} {report.currency}"


def signed(shown: Shown) -> Shown:
    """Put a plus before what is above 0."""
    return lambda value: f"{'+' if value > 0 else ''}{shown(value)}"


def points_of(language: ReportLanguage) -> Shown:
    """Give how a difference in percentage points is written."""
    unit = WORDS[language]["points"]
    return lambda value: f"{value:+.1f} {unit}"


def cells(report: PlanLift, language: ReportLanguage, figure: str, estimate: Estimate, shown: Shown) -> tuple[str, str]:
    """Give a figure and its interval, or why there is none."""
    if isinstance(estimate, Interval):
        return shown(estimate.estimate), f"[{shown(estimate.low)}, {shown(estimate.high)}]"
    return why_missing(estimate, figure, report, language), ""


def look_lines(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say which looks were planned, what the last one and today show, and which interval leads."""
    words, reading, points = MORE[language], report.reading, points_of(language)
    lines = [words[f"led_{reading.shown}"]]
    if isinstance(reading.planned, PlannedReadout):
        said = words["planned"].format(
            n=_number_of(report), of=len(reading.look_days), on=reading.planned_on,
            difference=_whole(scaled(reading.planned.difference, 100), points),
            z=f"{abs(reading.planned.z):.2f}", bound=f"{reading.planned.boundary:.2f}",
            verdict=words["crosses" if reading.planned.crosses else "not_yet"],
        )  # fmt: skip
        lines.append(said)
    elif isinstance(reading.planned, NotEstimable):
        lines.append(words["no_look"].format(why=why_missing(reading.planned, "look", report, language)))
    if isinstance(reading.anytime, AnytimeReadout) and not report.is_final:
        difference = _whole(scaled(reading.anytime.welch, 100), points)
        lines.append(words["anytime"].format(difference=difference, p=f"{reading.anytime.p_value:.3f}"))
    elif isinstance(reading.anytime, NotEstimable) and reading.anytime != reading.planned:
        lines.append(words["no_anytime"].format(why=why_missing(reading.anytime, "rpr", report, language)))
    if isinstance(reading.exact, ExactEvidence) and not report.is_final:
        verdict = words["crosses" if reading.exact.crosses else "not_yet"]
        lines.append(
            words["exact"].format(
                e=f"{reading.exact.e_value:.3g}", needed=f"{reading.exact.needed:.3g}", verdict=verdict
            )
        )
    if reading.next_look_on is not None:
        lines.append(words["next"].format(on=reading.next_look_on))
    return lines


GOAL_METRICS = {"rpr": "adj_repeat", "clv": "adj_revenue", "referral_rate": "referred"}


def goal_lines(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say where the goal stands and how likely it is reached; nothing without a target."""
    words, goal = MORE[language], report.goal
    if goal is None:
        return []

    def level(value: float | None) -> str:
        if value is None:
            return "–"
        return f"{value:,.2f} {report.currency}" if goal.metric == "clv" else f"{value:.1%}"

    chance = (
        why_missing(goal.chance, "referral" if goal.metric == "referral_rate" else "goal", report, language)
        if isinstance(goal.chance, NotEstimable)
        else words["goal_chance"].format(chance=f"{goal.chance:.0%}")
    )
    return [
        words["goal_of_shop" if goal.metric == "referral_rate" else "goal"].format(
            metric=words[GOAL_METRICS[goal.metric]], baseline=level(goal.baseline),
            target=level(goal.target), days=goal.window_days, now=level(goal.now), chance=chance,
        )
    ]  # fmt: skip


def leak_lines(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say which withheld people were reached all the same; alarms first."""
    words, leaks = MORE[language], report.leaks
    counts = {
        "leak_messaged": leaks.n_messaged, "leak_elsewhere": leaks.n_messaged_elsewhere,
        "leak_redeemed": leaks.n_redeemed, "leak_others": leaks.n_messaged_by_others, "leak_both": leaks.n_both_arms,
    }  # fmt: skip
    return [words[name].format(n=f"{n:,}") for name, n in counts.items() if n]


def adjusted_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, str, str]]:
    """Give the adjusted differences (figure, estimate, interval); empty where the report holds none."""
    words, found, money = MORE[language], report.adjusted, signed(money_of(report))
    if found is None:
        return []

    def row(name: str, one: Adjusted | NotEstimable, shown: Shown, factor: float) -> tuple[str, str, str]:
        if isinstance(one, NotEstimable):
            return (words[name], why_missing(one, name.removeprefix("adj_"), report, language), "")
        value, ends = cells(report, language, name, scaled(one.difference, factor), shown)
        return (f"{words[name]} (−{one.variance_cut_rate:.0%})", value, ends)

    return [
        row("adj_repeat", found.repeat, points_of(language), 100),
        row("adj_revenue", found.revenue, money, 1),
        row("adj_margin", found.margin, money, 1),
    ]


def clv_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, str, str, str]]:
    """Give (days, revenue difference, margin difference, its interval or the day it is readable) per horizon."""
    words, money = MORE[language], signed(money_of(report))
    rows = []
    for one in report.clv:
        revenue, _ = cells(report, language, "clv", one.revenue_difference_minor, money)
        margin, ends = cells(report, language, "clv_margin", one.margin_difference_minor, money)
        name = words["clv_days"].format(n=one.days)
        later = isinstance(one.margin_difference_minor, NotEstimable) and not isinstance(
            one.revenue_difference_minor, Interval
        )
        rows.append((name, "–", margin, "") if later else (name, revenue, margin, ends))
    return rows


def cohort_lines(report: PlanLift, language: ReportLanguage) -> list[tuple[str, str, str, str]]:
    """Give (cohort, difference with interval, drawn together, corrected p) per cohort."""
    points = points_of(language)

    def row(one: CohortEffect) -> tuple[str, str, str, str]:
        name = COHORTS[language].get(one.cohort, one.cohort)
        if isinstance(one.effect, NotEstimable):
            return (name, why_missing(one.effect, "cohort", report, language), "", "")
        effect = _whole(one.effect, points)
        shrunk = _whole(one.shrunk, points) if isinstance(one.shrunk, Interval) else "–"
        return (name, effect, shrunk, "–" if one.p_adjusted is None else f"{one.p_adjusted:.3f}")

    return [row(one) for one in report.cohort_effects.cohorts] if report.cohort_effects else []


def cohorts_differ(report: PlanLift, language: ReportLanguage) -> str:
    """Say whether the cohorts differ at all."""
    words, found = MORE[language], report.cohort_effects
    if not report.is_final:
        return words["cohorts_later"]
    if found is None or found.interaction_p_value is None:
        return words["few_cohorts"]
    return words["differ" if found.cohorts_differ else "same"].format(p=f"{found.interaction_p_value:.2f}")


def cost_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, str, str]]:
    """Give the cost by kind; parts of 0 are left out."""
    words, money, costs = MORE[language], money_of(report), report.costs
    parts = {"sends": costs.sends_minor, "observed": costs.observed_minor, "expected": costs.expected_minor}
    return [(words[name], money(minor), "") for name, minor in parts.items() if minor]


def net_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, str, str]]:
    """Give what is left after cost; empty in reports without costs per person."""
    if report.net_margin_minor is None:
        return []
    name = MORE[language]["net"]
    return [(name, *cells(report, language, "margin", report.net_margin_minor, signed(money_of(report))))]


def attributed_line(report: PlanLift, language: ReportLanguage) -> str:
    """Say what a mail tool would claim; a diagnostic."""
    seen = report.diagnostics
    money = money_of(report)(seen.attributed_minor)
    return MORE[language]["attributed"].format(days=seen.attribution_days, n=f"{seen.n_attributed:,}", money=money)


def _number_of(report: PlanLift) -> int:
    """Give which of the planned looks was read: looks that could not be read count as taken."""
    on = report.reading.planned_on
    assert on is not None
    day = (on - report.starts_at.date()).days
    return sum(1 for one in report.reading.look_days if one <= day)


def _whole(estimate: Estimate, shown: Shown) -> str:
    assert isinstance(estimate, Interval)
    return f"{shown(estimate.estimate)} [{shown(estimate.low)}, {shown(estimate.high)}]"
