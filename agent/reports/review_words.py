"""The review as text, in English and Chinese."""

import html

from memory.domain.experiment import Interval
from memory.domain.money import exponent
from memory.domain.review import HARM, OVERSPEND, CohortHealth, PlanReview, ReviewRule

from .columns import lines
from .lift_text import COHORTS, ReportLanguage, why_not
from .style import page

WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Review of “{title}”, day {day}",
        "all": "All people",
        "head": "Cohort|sent|delivered|bounced|complaints|unsubscribed",
        "reach": "Messages: {actual} of {planned} planned by now.",
        "spend": "Spent: {actual} of {planned} planned by now.",
        "early": "Too early to say what it changed: readable about {on}.",
        "never": "What it changed cannot be read: {why}",
        "lift": "So far {lift} percentage points, valid on any day.",
        "silent": "No provider reported a delivery or a bounce: set up its webhook, or lost mail goes unseen.",
        "continue": "Proposal: continue.", "reduce": "Proposal: reduce.", "stop": "Proposal: stop.",
        "over": "The plan is over: read its lift, then draft the next one.",
    },
    "zh": {
        "title": "“{title}”第 {day} 天复盘",
        "all": "全部客户",
        "head": "人群|已发送|已送达|退回|投诉|退订",
        "reach": "消息：截至目前计划 {planned} 条，实际 {actual} 条。",
        "spend": "花费：截至目前计划 {planned}，实际 {actual}。",
        "early": "现在判断效果为时过早：约 {on} 可读。",
        "never": "效果无法解读：{why}",
        "lift": "目前为 {lift} 个百分点，任何一天都有效。",
        "silent": "没有服务商报告送达或退回：请设置其 webhook，否则未送达的邮件无人知晓。",
        "continue": "建议：继续。", "reduce": "建议：缩减。", "stop": "建议：停止。",
        "over": "计划已结束：请查看增量效果，再起草下一个计划。",
    },
}  # fmt: skip
RULES: dict[ReviewRule, tuple[str, str]] = {
    "withheld_people_messaged": (
        "Rule: nobody in the control group may be messaged ({evidence} withheld people).",
        "规则：对照组不得收到消息（{evidence} 人）。",
    ),
    "complaints": ("Rule: at most {most} complaints ({evidence}).", "规则：投诉率不超过 {most}（{evidence}）。"),
    "bounces": ("Rule: at most {most} bounces ({evidence}).", "规则：退回率不超过 {most}（{evidence}）。"),
    "unsubscribes": ("Rule: at most {most} unsubscribes ({evidence}).", "规则：退订率不超过 {most}（{evidence}）。"),
    "lift_below_zero": (
        "Rule: the interval of the lift may not lie below zero ({evidence} percentage points).",
        "规则：增量区间不得整体低于零（{evidence} 个百分点）。",
    ),
    "overspent": (
        "Rule: at most {most} of the spend planned by now ({evidence}).",
        "规则：花费不超过目前计划的 {most}（{evidence}）。",
    ),
    "none_broken": (
        "No rule is broken: nobody withheld was messaged, complaints, bounces, unsubscribes and spend are in bounds.",
        "没有违反任何规则：对照组未被触达，投诉、退回、退订与花费均在范围内。",
    ),
}
MOST: dict[str, float] = {
    "complaints": HARM.max_complaint_rate,
    "bounces": HARM.max_bounce_rate,
    "unsubscribes": HARM.max_unsubscribe_rate,
    "overspent": OVERSPEND,
}
"""The bound of each rule that has one."""


def render_review(review: PlanReview, language: ReportLanguage = "en") -> str:
    """Give the review as plain text: the proposal with its rule first."""
    return "\n".join([*review_sentences(review, language), "", *lines(review_health(review, language))])


def review_sentences(review: PlanReview, language: ReportLanguage = "en") -> tuple[str, ...]:
    """Give the title, the proposal with its rule, what can be said of the lift, reach, spend; who reports nothing."""
    words, unit = WORDS[language], 10 ** exponent(review.currency)

    def money(minor: int) -> str:
        return f"{minor / unit:,.{exponent(review.currency)}f} {review.currency}"

    rule = RULES[review.rule][0 if language == "en" else 1].format(
        evidence=_evidence(review, language), most=f"{100 * MOST.get(review.rule, 0):.3g} %"
    )
    return (
        words["title"].format(title=review.title, day=review.day),
        f"{words[review.proposal]} {rule}",
        _lift(review, language),
        words["reach"].format(actual=f"{review.reach_actual:,}", planned=f"{review.reach_planned:,}"),
        words["spend"].format(actual=money(review.spend_actual_minor), planned=money(review.spend_planned_minor)),
        *([words["silent"]] if any(_is_silent(one) for one in review.health if not one.cohort) else ()),
    )


def review_health(review: PlanReview, language: ReportLanguage = "en") -> list[tuple[str, ...]]:
    """Give the names of the columns, then a row for all people and one per cohort."""
    head = tuple(WORDS[language]["head"].split("|"))
    return [head, *(_row(one, language) for one in review.health)]


def render_review_page(review: PlanReview, language: ReportLanguage = "en") -> str:
    """Give the review as one HTML page, the proposal with its rule first."""
    head, _, table = render_review(review, language).partition("\n\n")
    title, *said = head.split("\n")
    body = "".join(f"<p>{html.escape(line)}</p>" for line in said)
    return page(title, language, body, f"<pre>{html.escape(table)}</pre>")


def _evidence(review: PlanReview, language: ReportLanguage) -> str:
    cohort = COHORTS[language].get(review.evidence_cohort, review.evidence_cohort)
    return f"{cohort} {review.evidence}".strip()


def _lift(review: PlanReview, language: ReportLanguage) -> str:
    words, lift = WORDS[language], review.rpr_difference_pp
    if isinstance(lift, Interval):
        return words["lift"].format(lift=f"{lift.estimate:+.1f} [{lift.low:+.1f}, {lift.high:+.1f}]")
    if review.readable_on is not None:
        return words["early"].format(on=review.readable_on)
    n_repeat = (review.n_repeat_treated, review.n_repeat_control)
    return words["never"].format(why=why_not(lift, "rpr", n_repeat, language))


def _row(one: CohortHealth, language: ReportLanguage) -> tuple[str, ...]:
    name = COHORTS[language].get(one.cohort, one.cohort) or WORDS[language]["all"]
    cells = [f"{n:,} ({one.rate(n):.1%})" for n in (one.n_delivered, one.n_bounced, one.n_complained, one.n_left)]
    if _is_silent(one):
        cells[:2] = "-", "-"  # 0 delivered would be a claim
    return (name, f"{one.n_sent:,}", *cells)


def _is_silent(one: CohortHealth) -> bool:
    return one.n_sent > 0 and not (one.n_delivered or one.n_bounced)
