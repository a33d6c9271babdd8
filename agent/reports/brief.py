"""One page for the boss: money gained and spent, the return, how certain, what next, why the mail tool says more."""

import html
from typing import Literal

from memory.domain.base import Frozen, Instant
from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable

from .brief_text import NEXT, TEXT
from .lift_model import PlanLift
from .lift_sections import money_of
from .lift_text import ReportLanguage, why_missing
from .review import readable_on
from .style import page

Verdict = Literal["fix", "wait", "lost", "unclear", "unpaid", "paid"]
"""What follows from a lift: mend the experiment, wait, it lost money, nobody can say, it added orders that did not pay
or nobody knows their margin, it paid."""


class BriefLine(Frozen):
    """One answer of a brief."""

    heading: str
    """What it is about, in words."""
    sentence: str
    """The answer, in words."""


class PlanBrief(Frozen):
    """The one-page brief of a plan as data."""

    plan_id: str
    """The plan."""
    title: str
    """What people call it."""
    as_of: Instant
    """The instant it is read at."""
    is_final: bool
    """Whether the window has ended."""
    verdict: Verdict
    """What follows."""
    when: str
    """Of which days it speaks, in words."""
    lines: tuple[BriefLine, ...]
    """Gained, spent, return, how certain, what next, why the mail tool says more."""


def plan_brief(report: PlanLift, language: ReportLanguage = "en") -> PlanBrief:
    """Give the brief as data, its words in a language."""
    return PlanBrief(
        plan_id=report.plan_id,
        title=report.title,
        as_of=report.as_of,
        is_final=report.is_final,
        verdict=verdict(report),
        when=_when(report, language),
        lines=tuple(BriefLine(heading=one, sentence=said) for one, said in brief_lines(report, language)),
    )


def brief_lines(report: PlanLift, language: ReportLanguage = "en") -> list[tuple[str, str]]:
    """Give (heading, sentence) in the order they are read; the first says what it is about."""
    words = TEXT[language]
    return [
        (words["gained"], _gained(report, language)),
        (words["spent"], _spent(report, language)),
        (words["return"], _return(report, language)),
        (words["certain"], _certain(report, language)),
        (words["next"], NEXT[language][verdict(report)].format(on=readable_on(report) or report.ends_at.date())),
        (words["why"], _claimed(report, language)),
    ]


def verdict(report: PlanLift) -> Verdict:
    """Say what follows."""
    if report.leaks.is_alarm or report.sample_ratio.is_suspicious:
        return "fix"
    net, lift = report.net_margin_minor, report.rpr_difference_pp
    if not report.is_final:
        return "wait"
    if isinstance(net, Interval):
        return "paid" if net.low > 0 else "lost" if net.high < 0 else "unclear"
    return "unpaid" if isinstance(lift, Interval) and lift.low > 0 else "unclear"


def render_brief(report: PlanLift, language: ReportLanguage = "en") -> str:
    """Give the brief as Markdown."""
    words = TEXT[language]
    parts = [f"# {_plain(words['title'].format(title=report.title))}", _when(report, language)]
    parts += [f"## {heading}\n\n{sentence}" for heading, sentence in brief_lines(report, language)]
    return "\n\n".join(parts) + "\n"


def render_brief_page(report: PlanLift, language: ReportLanguage = "en") -> str:
    """Give the brief as one HTML page that prints on one sheet."""
    from .lift_pictures import lift_pictures

    words = TEXT[language]
    body = "".join(
        f"<h2>{html.escape(heading)}</h2><p>{html.escape(sentence)}</p>"
        for heading, sentence in brief_lines(report, language)
    )
    pictures = lift_pictures(report, language)
    picture = pictures.get("margin-and-cost") or pictures.get("repeat-curves", "")
    when = f"<p>{html.escape(_when(report, language))}</p>"
    return page(words["title"].format(title=report.title), language, when, body, f"<figure>{picture}</figure>")


def _gained(report: PlanLift, language: ReportLanguage) -> str:
    words, money = TEXT[language], money_of(report, is_whole=True)
    added = report.incremental_margin_minor
    if isinstance(added, Interval):
        points = _points(report.rpr_difference_pp)
        return words["gained_text"].format(
            margin=money(added.estimate), low=money(added.low), high=money(added.high), points=points
        )
    return words["gained_none"].format(why=why_missing(added, "margin", report, language))


def _spent(report: PlanLift, language: ReportLanguage) -> str:
    words, money, costs = TEXT[language], money_of(report, is_whole=True), report.costs
    return words["spent_text"].format(
        cost=money(report.cost_minor),
        sends=money(costs.sends_minor),
        incentives=money(costs.observed_minor + costs.expected_minor),
        how=words["expected" if costs.expected_minor else "seen"],
    )


def _claimed(report: PlanLift, language: ReportLanguage) -> str:
    words, seen, control = TEXT[language], report.diagnostics, report.control
    if not seen.n_attributed:
        return words["why_nothing"]
    return words["why_text"].format(
        claimed=money_of(report, is_whole=True)(seen.attributed_minor),
        n=f"{seen.n_attributed:,}",
        days=seen.attribution_days,
        rate=f"{control.n_repeat / control.n_people if control.n_people else 0.0:.1%}",
        machine=f"{seen.n_machine_opens:,}",
    )


def _return(report: PlanLift, language: ReportLanguage) -> str:
    words, roi, money = TEXT[language], report.roi, money_of(report, is_whole=True)
    if isinstance(roi, NotEstimable):
        return words["return_none"].format(why=why_missing(roi, "roi", report, language))
    net = report.net_margin_minor
    left = money(net.estimate) if isinstance(net, Interval) else "–"
    return words["return_text"].format(
        roi=f"{roi.estimate:.2f}", low=f"{roi.low:.2f}", high=f"{roi.high:.2f}", net=left
    )


def _certain(report: PlanLift, language: ReportLanguage) -> str:
    words = TEXT[language]
    text = words["certain_final" if report.is_final else "certain_open"].format(
        n=f"{report.treated.n_people:,}", m=f"{report.control.n_people:,}", on=report.ends_at.date()
    )
    lift = report.rpr_difference_pp
    if isinstance(lift, NotEstimable):
        return f"{text} {why_missing(lift, 'rpr', report, language)}"
    return f"{text} {words['clear' if lift.low > 0 or lift.high < 0 else 'chance']}"


def _when(report: PlanLift, language: ReportLanguage) -> str:
    return TEXT[language]["when"].format(
        starts=report.starts_at.date(), ends=report.ends_at.date(), on=report.as_of.date()
    )


def _points(estimate: Estimate) -> str:
    if isinstance(estimate, NotEstimable):
        return "–"
    return f"{estimate.estimate:+.1f} [{estimate.low:+.1f}, {estimate.high:+.1f}]"


def _plain(text: str) -> str:
    """Give text that Markdown takes literally."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]<>#|!" else char for char in text)
