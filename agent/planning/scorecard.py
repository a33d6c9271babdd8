"""A plan's scorecard: one line each for speed, real-time data, intent moments, value beyond price, coming back (S2-70).

Every line is counted from the plan itself; nothing here is a forecast.
"""

from collections.abc import Mapping
from typing import Literal

from memory.domain.base import Frozen
from memory.domain.plan import Plan

ScoreId = Literal["speed", "real_time_data", "intent_moments", "value_beyond_price", "after_discount"]
SPEED_DAYS = 3
"""A cohort's first message within so many days counts as fast."""
_WORDS: dict[ScoreId, dict[str, str]] = {
    "speed": {
        "en": "Speed: {n_fast} of {n_cohorts} cohorts hear from us within {days} days, the last on day {latest}.",
        "zh": "速度：{n_cohorts} 个人群中有 {n_fast} 个在 {days} 天内收到首条消息，最晚在第 {latest} 天。",
    },
    "real_time_data": {
        "en": (
            "Real-time data: drafted on data version {version}; all {n_steps} steps read consent, caps and orders when "
            "they are sent, {n_fresh} also choose people or goods on the day."
        ),
        "zh": (
            "实时数据：基于数据版本 {version} 起草；全部 {n_steps} 个步骤在发送时读取许可、频次上限和订单，"
            "其中 {n_fresh} 个还在当天选人或选货。"
        ),
    },
    "intent_moments": {
        "en": "Intent moments across channels: {n_intent} steps follow what a person did, over {channels}.",
        "zh": "跨渠道的意向时刻：{n_intent} 个步骤跟随顾客的行为，渠道：{channels}。",
    },
    "value_beyond_price": {
        "en": "Value beyond price: {n_value} of {n_steps} steps take nothing off the price ({rate:.0%}).",
        "zh": "价格之外的价值：{n_steps} 个步骤中有 {n_value} 个不降价（{rate:.0%}）。",
    },
    "after_discount": {
        "en": "Coming back after the discount: the last one ends on {last}; {n_after} steps follow it.",
        "zh": "折扣结束后再回来：最后一个折扣于 {last} 结束；其后还有 {n_after} 个步骤。",
    },
}
_NO_DISCOUNT = {
    "en": "Coming back after the discount: the plan takes nothing off the price; all {n_after} steps do without.",
    "zh": "折扣结束后再回来：计划没有任何降价；全部 {n_after} 个步骤都不依赖折扣。",
}


class ScoreLine(Frozen):
    """One line of the scorecard."""

    id: ScoreId
    """Which."""
    is_met: bool
    """Whether the plan has it at all."""
    figures: dict[str, int | float | str]
    """What was counted."""
    words: dict[str, str]
    """The line in words (`en`, `zh`)."""


def scorecard(plan: Plan) -> tuple[ScoreLine, ...]:
    """Give the five lines in a fixed order."""
    return (_speed(plan), _real_time(plan), _intent(plan), _value(plan), _after(plan))


def _speed(plan: Plan) -> ScoreLine:
    first = [min(step.day for step in journey.steps) for journey in plan.journeys]
    fast = sum(day <= SPEED_DAYS for day in first)
    figures = {"n_fast": fast, "n_cohorts": len(first), "days": SPEED_DAYS, "latest": max(first)}
    return _line("speed", fast == len(first), figures)


def _real_time(plan: Plan) -> ScoreLine:
    steps = plan.steps()
    fresh = sum(step.audience is not None or step.goods is not None for step in steps)
    return _line("real_time_data", fresh > 0, {"version": plan.data_version, "n_steps": len(steps), "n_fresh": fresh})


def _intent(plan: Plan) -> ScoreLine:
    moments = [
        step
        for step in plan.steps()
        if step.trigger != "dated" or step.audience is not None or step.fallback is not None
    ]
    channels = sorted({channel for step in moments for channel in step.channels})
    channels += sorted({step.fallback.channel for step in moments if step.fallback} - set(channels))
    named = ", ".join(channels) or "-"
    return _line("intent_moments", len(channels) > 1, {"n_intent": len(moments), "channels": named})


def _value(plan: Plan) -> ScoreLine:
    steps = plan.steps()
    n_value = sum(not _discounts(plan, step.offer_id) for step in steps)
    rate = n_value / len(steps)
    return _line("value_beyond_price", rate > 0.5, {"n_value": n_value, "n_steps": len(steps), "rate": rate})


def _after(plan: Plan) -> ScoreLine:
    ends = [offer.limits.valid_until for offer in plan.offers if _discounts(plan, offer.id)]
    if not ends:
        figures: dict[str, int | float | str] = {"n_after": len(plan.steps()), "last": ""}
        words = {language: text.format(**figures) for language, text in _NO_DISCOUNT.items()}
        return ScoreLine(id="after_discount", is_met=True, figures=dict(figures), words=words)
    last = max(ends)
    after = [step for step in plan.steps() if step.due_on > last and not _discounts(plan, step.offer_id)]
    return _line("after_discount", bool(after), {"last": f"{last}", "n_after": len(after)})


def _discounts(plan: Plan, offer_id: str | None) -> bool:
    """Whether an offer takes something off the price; points, gifts and access do not."""
    offer = plan.offer(offer_id) if offer_id else None
    return offer is not None and offer.discount_rate > 0


def _line(name: ScoreId, is_met: bool, figures: Mapping[str, int | float | str]) -> ScoreLine:
    words = {language: text.format(**figures) for language, text in _WORDS[name].items()}
    return ScoreLine(id=name, is_met=is_met, figures=dict(figures), words=words)
