"""The typed difference of two plans, and its words in Chinese and English."""

from typing import Literal

from memory.domain.base import Frozen
from memory.domain.offer import Offer
from memory.domain.plan import Plan, Step

from .wording import BUCKET, OFFER, of_list, pick, template_title, words_of_cohort

DifferenceKind = Literal[
    "step_added",
    "step_removed",
    "step_moved",
    "step_channels",
    "step_offer",
    "offer_kind",
    "offer_cost",
    "offer_threshold",
    "offer_dates",
    "offer_code",
    "offer_most",
    "budget_total",
    "budget_worst_case",
    "budget_line",
    "holdout",
    "anchor",
    "goal",
    "exclusions",
    "reach",
    "forecast",
    "effects",
    "guardrails",
    "data",
]


class PlanDifference(Frozen):
    """One thing that differs between two plans."""

    kind: DifferenceKind
    """What kind of thing."""
    path: str
    """Where it sits: a step id, an offer id, or a dotted path."""
    before: str = ""
    """As it was; empty where it is new."""
    after: str = ""
    """As it is; empty where it is gone."""


def diff(old: Plan, new: Plan) -> tuple[PlanDifference, ...]:
    """Give what differs, steps first; equal plans give nothing."""
    return (*_steps(old, new), *_offers(old, new), *_heads(old, new))


def describe_difference(difference: PlanDifference, language: str = "en") -> str:
    """Say a difference in one sentence, in `zh` or `en`."""
    text = SENTENCES[difference.kind]["zh" if language == "zh" else "en"]
    name = _name(difference, language)
    return text.format(name=name, before=difference.before or "-", after=difference.after or "-")


def _steps(old: Plan, new: Plan) -> list[PlanDifference]:
    before = {step.id: step for step in old.steps()}
    after = {step.id: step for step in new.steps()}
    found = [
        PlanDifference(kind="step_removed", path=step_id, before=str(before[step_id].due_on))
        for step_id in before
        if step_id not in after
    ]
    for step_id, step in after.items():
        if step_id not in before:
            found.append(PlanDifference(kind="step_added", path=step_id, after=str(step.due_on)))
        else:
            found += _step(before[step_id], step)
    return found


def _step(old: Step, new: Step) -> list[PlanDifference]:
    pairs: list[tuple[DifferenceKind, str, str]] = [
        ("step_moved", str(old.due_on), str(new.due_on)),
        ("step_channels", of_list(old.channels), of_list(new.channels)),
        ("step_offer", old.offer_id or "", new.offer_id or ""),
    ]
    return [PlanDifference(kind=kind, path=new.id, before=was, after=now) for kind, was, now in pairs if was != now]


def _offers(old: Plan, new: Plan) -> list[PlanDifference]:
    before = {offer.id: _terms(offer) for offer in old.offers}
    return [
        PlanDifference(kind=kind, path=offer.id, before=before[offer.id][kind], after=now)
        for offer in new.offers
        if offer.id in before
        for kind, now in _terms(offer).items()
        if before[offer.id][kind] != now
    ]


def _terms(offer: Offer) -> dict[DifferenceKind, str]:
    limits = offer.limits
    return {
        "offer_kind": offer.incentive.kind,
        "offer_cost": str(offer.cost_per_use),
        "offer_threshold": str(limits.min_spend),
        "offer_dates": f"{limits.valid_from}..{limits.valid_until}",
        "offer_code": "own code" if offer.gives_code else "terms only",
        "offer_most": "" if limits.max_granted is None else str(limits.max_granted),
    }


def _heads(old: Plan, new: Plan) -> list[PlanDifference]:
    lines = zip(old.budget.lines, new.budget.lines, strict=True)
    pairs: list[tuple[DifferenceKind, str, str, str]] = [
        ("budget_total", "budget.total", str(old.budget.total), str(new.budget.total)),
        ("budget_worst_case", "budget.worst_case_cost", str(old.budget.worst_case_cost),
         str(new.budget.worst_case_cost)),
        *(("budget_line", f"budget.{now.bucket}", str(was.amount), str(now.amount)) for was, now in lines),
        ("holdout", "holdout.rate", f"{old.holdout.rate:.1%}", f"{new.holdout.rate:.1%}"),
        ("anchor", "anchor_on", str(old.anchor_on), str(new.anchor_on)),
        ("goal", "goal", _goal(old), _goal(new)),
        ("exclusions", "brief", _exclusions(old), _exclusions(new)),
        ("reach", "journeys", str(_reach(old)), str(_reach(new))),
        ("forecast", "forecast", _forecast(old), _forecast(new)),
        ("effects", "effects", old.forecast.source, new.forecast.source),
        ("guardrails", "guardrail_version", old.guardrail_version[:12], new.guardrail_version[:12]),
        ("data", "data_version", str(old.data_version), str(new.data_version)),
    ]  # fmt: skip
    return [PlanDifference(kind=kind, path=path, before=was, after=now) for kind, path, was, now in pairs if was != now]


def _goal(plan: Plan) -> str:
    return f"{plan.goal.metric} {plan.goal.within_days}d"


def _exclusions(plan: Plan) -> str:
    brief = plan.brief
    pairs = [f"{market} {channel}" for market, channel in brief.excluded]
    first = [f"first: {cohort}" for cohort in brief.early_access_first]
    return of_list((*brief.excluded_channels, *pairs, *brief.excluded_kinds, *first))


def _reach(plan: Plan) -> int:
    return sum(
        max((step.expected_reach for step in journey.steps if step.owner == "us"), default=0)
        for journey in plan.journeys
    )


def _forecast(plan: Plan) -> str:
    return f"{plan.forecast.incremental_orders:.0f} ({plan.forecast.low:.0f}..{plan.forecast.high:.0f})"


def _name(difference: PlanDifference, language: str) -> str:
    cohort, _, template = difference.path.partition(".")
    if difference.kind.startswith("offer_"):
        offer = pick(OFFER.get(template, {}), language, template.replace("_", " "))
        return f"{words_of_cohort(cohort, language)}: {offer}"
    if difference.kind == "budget_line":
        return pick(BUCKET.get(template, {}), language, difference.path)
    if not difference.kind.startswith("step_"):
        return difference.path
    return f"{words_of_cohort(cohort, language)}: {template_title(template, language)}"


SENTENCES: dict[DifferenceKind, dict[str, str]] = {
    "step_added": {"en": "New step {name} on {after}", "zh": "新增步骤 {name}，日期 {after}"},
    "step_removed": {"en": "Step {name} ({before}) is gone", "zh": "去掉步骤 {name}（原定 {before}）"},
    "step_moved": {"en": "{name} moves from {before} to {after}", "zh": "{name} 从 {before} 改到 {after}"},
    "step_channels": {"en": "{name}: channels {before} become {after}", "zh": "{name}：渠道由 {before} 改为 {after}"},
    "step_offer": {"en": "{name}: offer {before} becomes {after}", "zh": "{name}：优惠由 {before} 改为 {after}"},
    "offer_kind": {"en": "Offer {name}: {before} becomes {after}", "zh": "优惠 {name}：由 {before} 改为 {after}"},
    "offer_cost": {
        "en": "Offer {name}: the cost of a use goes from {before} to {after}",
        "zh": "优惠 {name}：每次使用成本由 {before} 变为 {after}",
    },
    "offer_threshold": {
        "en": "Offer {name}: smallest order {before} becomes {after}",
        "zh": "优惠 {name}：最低消费由 {before} 改为 {after}",
    },
    "offer_dates": {
        "en": "Offer {name}: valid {before}, now {after}",
        "zh": "优惠 {name}：有效期由 {before} 改为 {after}",
    },
    "offer_code": {
        "en": "Offer {name}: {before} becomes {after}",
        "zh": "优惠 {name}：由 {before} 改为 {after}",
    },
    "offer_most": {
        "en": "Offer {name}: at most {before} people, now {after}",
        "zh": "优惠 {name}：最多发放人数由 {before} 改为 {after}",
    },
    "budget_total": {"en": "Budget: {before} becomes {after}", "zh": "预算：由 {before} 改为 {after}"},
    "budget_worst_case": {"en": "Worst case: {before} becomes {after}", "zh": "最坏成本：由 {before} 变为 {after}"},
    "budget_line": {"en": "{name}: {before} becomes {after}", "zh": "{name}：由 {before} 变为 {after}"},
    "holdout": {"en": "Control group: {before} becomes {after}", "zh": "对照组：由 {before} 改为 {after}"},
    "anchor": {"en": "Day 0: {before} becomes {after}", "zh": "第0天：由 {before} 改为 {after}"},
    "goal": {"en": "Goal: {before} becomes {after}", "zh": "目标：由 {before} 改为 {after}"},
    "exclusions": {"en": "Wishes: {before} become {after}", "zh": "要求：由 {before} 改为 {after}"},
    "reach": {"en": "People reached: {before} become {after}", "zh": "触达人数：由 {before} 变为 {after}"},
    "effects": {
        "en": "Effects the plan goes by: {before} becomes {after}",
        "zh": "方案所依据的效果：由{before}变为{after}",
    },
    "forecast": {
        "en": "Forecast added orders: {before} becomes {after}",
        "zh": "预测新增订单：由 {before} 变为 {after}",
    },
    "guardrails": {"en": "Guardrails: version {before} becomes {after}", "zh": "护栏版本：由 {before} 变为 {after}"},
    "data": {"en": "Data: version {before} becomes {after}", "zh": "数据版本：由 {before} 变为 {after}"},
}
"""One sentence per kind and language."""
