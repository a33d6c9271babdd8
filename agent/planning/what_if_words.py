"""What other limits would bring, in sentences, in English and Chinese."""

from memory.domain.money import Money

from .outlook import ASSUMED
from .what_if import LimitPrice, Outcome, WhatIf

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "head": "Nothing is changed. The plan's promotional messages, chosen per person as well as its limits allow:",
        "now": "Now: {outcome}.",
        "then": "Then: {outcome}; {difference} net.",
        "outcome": "{net} net of {cost}, {orders} added orders from {messages} messages",
        "budget": "One more unit of money returns {per_unit} of margin after cost; with {step} it is {gain} more.",
        "budget_free": "Money does not hold these messages back: more of it brings nothing.",
        "promotional_cap": "One more promotional message per window ({now}) brings {gain}.",
        "margin_floor": "The margin floor of {now} costs {gain}.",
        "price_floor": "The price floor of {now} costs {gain}.",
        "holdout": "The control group of {now} costs {gain}; without it nobody knows what the plan brought.",
        "free": "These hold nothing back: {names}.",
        "name_promotional_cap": "the frequency cap", "name_margin_floor": "the margin floor",
        "name_price_floor": "the price floor", "name_holdout": "the control group", "comma": ", ",
        "gap": "The choice is at most {gap} below the best possible.",
        "assumed": "It rests on assumed effects that nobody measured in this shop ({source}).",
        "measured": "It rests on measured effects where there are some ({source}).",
    },
    "zh": {
        "head": "什么都没有改变。在限制范围内按人选择这份计划的促销消息：",
        "now": "现在：{outcome}。",
        "then": "改变后：{outcome}；净值变化 {difference}。",
        "outcome": "扣除成本 {cost} 后净值 {net}，{messages} 条消息带来 {orders} 个新增订单",
        "budget": "预算每多 1 个单位，扣除成本后带来 {per_unit} 的毛利；预算为 {step} 时多 {gain}。",
        "budget_free": "预算并没有限制这些消息：更多预算不会带来更多。",
        "promotional_cap": "每个窗口（{now}）多一条促销消息带来 {gain}。",
        "margin_floor": "毛利下限 {now} 的代价是 {gain}。",
        "price_floor": "价格下限 {now} 的代价是 {gain}。",
        "holdout": "对照组 {now} 的代价是 {gain}；没有它就无法知道计划带来了什么。",
        "free": "以下限制没有造成影响：{names}。",
        "name_promotional_cap": "频次上限", "name_margin_floor": "毛利下限",
        "name_price_floor": "价格下限", "name_holdout": "对照组", "comma": "、",
        "gap": "该选择与可能的最优最多相差 {gap}。",
        "assumed": "依据的是假设的效果，未在本店测量（{source}）。",
        "measured": "在有测量结果之处依据测量结果（{source}）。",
    },
}  # fmt: skip


def what_if_lines(found: WhatIf, language: str = "en") -> tuple[str, ...]:
    """Give the answer, one sentence or two a line."""
    words = TEXTS[language]
    lines = [words["head"], words["now"].format(outcome=_outcome(found.now, words))]
    if found.then is not None:
        more = found.then.net_margin - found.now.net_margin
        lines.append(words["then"].format(outcome=_outcome(found.then, words), difference=_signed(more)))
    lines += [_priced(one, words) for one in found.prices if one.limit == "budget" or one.gain.amount_minor]
    free = [words[f"name_{one.limit}"] for one in found.prices if one.limit != "budget" and not one.gain.amount_minor]
    if free:
        lines.append(words["free"].format(names=words["comma"].join(free)))
    gap = max(one.gap_rate for one in (found.now, found.then) if one is not None)
    lines.append(words["gap"].format(gap=f"{gap:.4%}"))
    basis = "assumed" if found.source.startswith(ASSUMED) else "measured"
    return (*lines, words[basis].format(source=found.source))


def _outcome(one: Outcome, words: dict[str, str]) -> str:
    return words["outcome"].format(
        net=one.net_margin, cost=one.cost, orders=f"{one.added_orders:,.0f}", messages=f"{one.n_messages:,}"
    )


def _priced(one: LimitPrice, words: dict[str, str]) -> str:
    if one.limit == "budget" and not one.gain.amount_minor and not one.per_unit:
        return words["budget_free"]
    return words[one.limit].format(now=one.now, step=one.step, gain=one.gain, per_unit=f"{one.per_unit or 0:.2f}")


def _signed(money: Money) -> str:
    return f"{'+' if money.amount_minor > 0 else ''}{money}"
