"""What a plan changed, as HTML: the incremental repeat purchase rate first, then goal, curve, money, diagnostics."""

from agent.reports.lift_model import DayPoint, GoalProgress, PlanLift
from agent.reports.lift_more_text import MORE
from agent.reports.lift_pictures import CAPTIONS, lift_pictures
from agent.reports.lift_sections import cells, goal_lines, leak_lines, look_lines, money_of, points_of, signed
from agent.reports.lift_text import WORDS, why_missing
from agent.reports.lift_words import (
    arms_picture,
    first_head,
    first_rows,
    head_lines,
    sections,
)
from api.ui.shell.numbers import money, percent, whole
from api.ui.shell.parts import Figure, chart, empty, figures, notice, status
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.experiment import Estimate, Interval
from memory.domain.money import Money
from memory.domain.outcome import NotEstimable

from .tables import panel, plain_table


def render_lift(report: PlanLift, words: Words) -> str:
    """Give what decides: treated less control for RPR, AOV and CLV, each with its interval; then how it was read."""
    language = words.language
    alarms = leak_lines(report, language) if report.leaks.is_alarm else []
    if report.sample_ratio.is_suspicious:
        alarms.insert(0, WORDS[language]["suspicious"])
    warned = notice("".join(f"<p>{visible(line)}</p>" for line in alarms), "warn") if alarms else ""
    deciding = plain_table(words("results", "deciding"), first_head(language), first_rows(report, language))
    arms = arms_picture(report, language)
    pictured = (
        chart(arms, WORDS[language]["picture"], words("results", "figures_behind"), deciding) if arms else deciding
    )
    said = "".join(f"<p>{visible(line)}</p>" for line in head_lines(report, language))
    looks = "".join(f"<p>{visible(line)}</p>" for line in look_lines(report, language))
    more = "".join(
        plain_table(one.title, one.head, one.rows) + (f'<p class="so-soft">{visible(one.note)}</p>' if one.note else "")
        for one in sections(report, language)
    )
    return (
        f"{warned}{_answer(report, words)}{figures(_tiles(report, words))}"
        f'<div class="so-two so-section">{panel(pictured)}{panel(_over_time(report, words))}</div>'
        f'<section class="so-section"><h3>{words("results", "how_read")}</h3>{said}{looks}</section>'
        f'<section class="so-section"><h3>{words("results", "more")}</h3>{more}</section>'
    )


def _answer(report: PlanLift, words: Words) -> str:
    """Give treated − control = difference, with its interval and what that says."""
    language = words.language
    difference = report.rpr_difference_pp
    value, interval = cells(report, language, "rpr", difference, points_of(language))
    title = f"<h3>{words('results', 'incremental_rpr')}</h3>"
    arms = "".join(
        f'<span class="so-term{place}"><b>{_share(estimate, words)}</b><small>{visible(name)}</small></span>{sign}'
        for name, estimate, sign, place in (
            (words("results", "treated"), report.treated.rpr, "<i>−</i>", ""),
            (words("results", "control"), report.control.rpr, "<i>=</i>", ""),
        )
    )
    if isinstance(difference, NotEstimable):
        none = '<span class="so-term"><b>–</b></span>'
        return _answered(title, f"{arms}{none}", f"<p>{visible(value)}</p>")
    ends = f"{words('results', 'interval')} {interval}"
    result = f'<span class="so-term so-result"><b>{visible(value)}</b><small>{visible(ends)}</small></span>'
    verdict = "above" if difference.low > 0 else "below" if difference.high < 0 else "around"
    kind = {"above": "", "below": "rejected", "around": "waiting"}[verdict]
    final = words("results", "window_over" if report.is_final else "window_open")
    more = f"{words('results', 'verdict_more', verdict)} {final}"
    said = f"<p>{status(words('results', 'verdict', verdict), kind)} {more}</p>"
    return _answered(title, f"{arms}{result}", said)


def _answered(title: str, terms: str, said: str) -> str:
    return f'<section class="so-panel so-answer">{title}<p class="so-equation">{terms}</p>{said}</section>'


def _tiles(report: PlanLift, words: Words) -> list[Figure]:
    language, sums = words.language, signed(money_of(report))
    wanted: list[tuple[str, Estimate, str]] = [
        ("aov", report.aov_difference_minor, "aov_difference"),
        ("clv", report.revenue_difference_minor, "clv_difference"),
    ]
    if report.net_margin_minor is not None:
        wanted.append(("margin", report.net_margin_minor, "net_margin"))
    found = []
    for figure, estimate, name in wanted:
        value, interval = cells(report, language, figure, estimate, sums)
        shown, more = (value, f"{words('results', 'interval')} {interval}") if interval else ("–", value)
        found.append(Figure(words("results", name), shown, more))
    people = f"{whole(report.treated.n_people, language)} / {whole(report.control.n_people, language)}"
    return [*found, Figure(words("results", "people_compared"), people, words("results", "people_more"))]


def _over_time(report: PlanLift, words: Words) -> str:
    language, title = words.language, words("results", "figures_behind")
    svg = lift_pictures(report, language).get("lift-over-time", "")
    if not svg:
        return f'<p class="so-soft">{words("results", "no_curve_yet")}</p>'
    head = (words("results", "day"), WORDS[language]["difference"], WORDS[language]["interval"])
    points = points_of(language)

    def row(day: DayPoint) -> tuple[str, ...]:
        ends = "–" if day.lift_low_pp is None or day.lift_high_pp is None else (
            f"[{points(day.lift_low_pp)}, {points(day.lift_high_pp)}]"
        )  # fmt: skip
        return (str(day.day), points(day.lift_pp), ends)

    caption = MORE[language][CAPTIONS["lift-over-time"]]
    return chart(svg, caption, title, plain_table(caption, head, [row(day) for day in report.days]))


def render_goals(report: PlanLift, words: Words) -> str:
    """Give where the plan's goal stands: a gauge from where it was to where it should go, and how likely it is."""
    goal = report.goal
    if goal is None:
        return empty(words("results", "no_goal"), words("results", "no_goal_more"))
    chance = (
        Figure(words("results", "chance"), "–", why_missing(goal.chance, _why_key(goal), report, words.language))
        if isinstance(goal.chance, NotEstimable)
        else Figure(
            words("results", "chance"), percent(goal.chance, words.language, 0), words("results", "chance_more")
        )
    )
    shown = [
        Figure(words("results", "goal_was"), _level(goal.baseline, goal, report, words)),
        Figure(words("results", "goal_now"), _level(goal.now, goal, report, words)),
        Figure(
            words("results", "goal_target"), _level(goal.target, goal, report, words),
            words("results", "goal_days").format(n=goal.window_days),
        ),
        chance,
    ]  # fmt: skip
    name = words("results", "goal_metrics", goal.metric)
    return (
        f"<h3>{visible(name)}</h3>{_gauge(goal, words)}{figures(shown)}"
        + "".join(f'<p class="so-soft">{visible(line)}</p>' for line in goal_lines(report, words.language))
        + notice(f"<p>{words('results', 'goal_no_cause')}</p>")
    )


def _gauge(goal: GoalProgress, words: Words) -> str:
    if goal.progress_rate is None:
        return ""
    width = 100 * min(max(goal.progress_rate, 0.0), 1.0)
    said = words("results", "way").format(share=percent(goal.progress_rate, words.language, 0))
    return (
        f'<div class="so-gauge" role="img" aria-label="{visible(said)}"><i style="width:{width:.1f}%"></i></div>'
        f'<p class="so-soft">{visible(said)}</p>'
    )


def _why_key(goal: GoalProgress) -> str:
    return "referral" if goal.metric == "referral_rate" else "goal"


def _level(value: float | None, goal: GoalProgress, report: PlanLift, words: Words) -> str:
    if value is None:
        return "–"
    if goal.metric != "clv":
        return percent(value, words.language)
    return money(Money.parse(f"{value:.2f}", report.currency), words.language)


def render_repeat(report: PlanLift, words: Words) -> str:
    """Give the share of both arms who ordered again by each day, as a picture with the table behind it."""
    language = words.language
    svg = lift_pictures(report, language).get("repeat-curves", "")
    if not svg:
        return empty(words("results", "no_days"), words("results", "no_days_more"))
    names = ("day", "treated", "treated_interval", "control", "control_interval", "difference")

    def row(day: DayPoint) -> tuple[str, ...]:
        return (
            str(day.day),
            percent(day.treated_rate, language),
            f"[{percent(day.treated_low, language)}, {percent(day.treated_high, language)}]",
            percent(day.control_rate, language),
            f"[{percent(day.control_low, language)}, {percent(day.control_high, language)}]",
            points_of(language)(day.lift_pp),
        )

    caption = MORE[language][CAPTIONS["repeat-curves"]]
    behind = plain_table(caption, [words("results", name) for name in names], [row(day) for day in report.days])
    lead = words("results", "repeat_lead").format(
        n=whole(report.treated.n_people, language), m=whole(report.control.n_people, language)
    )
    return f"<p>{visible(lead)}</p>{panel(chart(svg, caption, words('results', 'figures_behind'), behind))}"


def _share(estimate: Estimate, words: Words) -> str:
    return percent(estimate.estimate, words.language) if isinstance(estimate, Interval) else "–"
