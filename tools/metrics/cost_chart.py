"""The chart of both costs over the months, in English and Chinese (S1-06)."""

from typing import Literal

from memory.domain.money import exponent
from memory.domain.outcome import NotEstimable
from tools.pictures import period_lines

from .cost_trend import CostTrend, Spread
from .costs import CostPer

_WORDS = {
    "en": {
        "acquisition": "a first order", "maintenance": "a second order", "label": "What an order costs, by month",
        "unit": "cost, {currency}", "spread": "{name}: variation {variation:.0%}, variance {variance}",
        "unknown": "{name}: variance unknown",
    },
    "zh": {
        "acquisition": "首单成本", "maintenance": "复购成本", "label": "每月的订单成本",
        "unit": "成本（{currency}）", "spread": "{name}：变异系数 {variation:.0%}，方差 {variance}",
        "unknown": "{name}：方差未知",
    },
}  # fmt: skip


def cost_chart(found: CostTrend, language: Literal["en", "zh"] = "en") -> str:
    """Give the chart as SVG; the legend names the variance of each cost, in squared units of the currency."""
    words, unit = _WORDS[language], 10 ** exponent(found.currency)
    lines = {}
    for name, spread, field in (
        ("acquisition", found.acquisition, "first_order"), ("maintenance", found.maintenance, "second_order"),
    ):  # fmt: skip
        costs = [getattr(one.costs, field) for one in found.periods]
        lines[_named(words, words[name], spread, unit)] = [
            (f"{one.from_on:%Y-%m}", cost.cost_minor / unit if isinstance(cost, CostPer) else None)
            for one, cost in zip(found.periods, costs, strict=True)
        ]
    return period_lines(lines, label=words["label"], y_title=words["unit"].format(currency=found.currency))


def _named(words: dict[str, str], name: str, spread: Spread | NotEstimable, unit: int) -> str:
    if isinstance(spread, NotEstimable):
        return words["unknown"].format(name=name)
    variance = f"{spread.variance_minor2 / unit**2:,.2f}"
    return words["spread"].format(name=name, variation=spread.variation, variance=variance)
