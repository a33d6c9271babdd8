"""A lesson in a sentence: what was measured, for whom, how sure, from which plan. Code writes it, no text of a shop."""

from agent.planning.catalogue import CATALOGUE, template_of
from agent.planning.wording import words_of_cohort
from memory.domain.lesson import Lesson

N_KINDS = 6
"""Kinds of messages a sentence names, the most frequent first."""


def lesson_words(lesson: Lesson, language: str = "en") -> str:
    """Give the lesson in English or Chinese."""
    return _chinese(lesson) if language == "zh" else _english(lesson)


def lesson_source(lesson: Lesson) -> str:
    """Give where the lesson comes from."""
    return f"lift of plan {lesson.plan_id[:12]}, data version {lesson.data_version}"


def _english(lesson: Lesson) -> str:
    orders, rpr = lesson.orders, lesson.rpr_pp
    points = (
        "" if rpr is None else f", repeat purchase rate {rpr.estimate:+.1f} points ({rpr.low:+.1f} to {rpr.high:+.1f})"
    )
    sure = "" if orders.low > 0 or orders.high < 0 else " The interval holds zero: it may have changed nothing."
    return (
        f"Measured against withheld people, {lesson.starts_on} to {lesson.ends_on}, {_whom(lesson, 'en')}: "
        f"{orders.estimate:+.3f} orders per person ({orders.low:+.3f} to {orders.high:+.3f}, 95 %){points}; "
        f"{lesson.n_treated:,} people against {lesson.n_withheld:,}.{sure} Sent per person: {_kinds(lesson, 'en')}."
    )


def _chinese(lesson: Lesson) -> str:
    orders, rpr = lesson.orders, lesson.rpr_pp
    points = "" if rpr is None else f"，复购率{rpr.estimate:+.1f}个百分点（{rpr.low:+.1f}至{rpr.high:+.1f}）"
    sure = "" if orders.low > 0 or orders.high < 0 else "区间包含零：可能没有任何变化。"
    return (
        f"与对照组相比的实测结果（{lesson.starts_on}至{lesson.ends_on}，{_whom(lesson, 'zh')}）："
        f"人均订单{orders.estimate:+.3f}（{orders.low:+.3f}至{orders.high:+.3f}，95%）{points}；"
        f"{lesson.n_treated:,}人对{lesson.n_withheld:,}人。{sure}人均发送：{_kinds(lesson, 'zh')}。"
    )


def _whom(lesson: Lesson, language: str) -> str:
    if lesson.scope == "plan":
        return "整个方案" if language == "zh" else "the whole plan"
    if lesson.scope == "cohort":
        return words_of_cohort(lesson.part_id, language)
    cohort, _, rest = lesson.part_id.partition(".")
    template = template_of(rest)
    part = template.title.get(language, rest) if template else ("整个旅程" if language == "zh" else "the journey")
    return f"{words_of_cohort(cohort, language)}: {part}"


def _kinds(lesson: Lesson, language: str) -> str:
    rates: dict[str, float] = {}
    for one in lesson.exposures:
        rates[one.kind] = rates.get(one.kind, 0.0) + one.sent_rate
    most = sorted((-rate, kind) for kind, rate in rates.items() if rate >= 0.005)[:N_KINDS]
    if language != "zh":
        return ", ".join(f"{kind} {-rate:.2f}" for rate, kind in most)
    titles: dict[str, str] = {each.kind: each.title.get("zh", each.kind) for each in reversed(CATALOGUE)}
    return "，".join(f"{titles.get(kind, kind)}{-rate:.2f}" for rate, kind in most)
