"""The why of a plan: a path in, the reasons of what stands there in words out."""

from memory.domain.cohort import COHORTS
from memory.domain.errors import NotFound
from memory.domain.offer import Offer
from memory.domain.plan import Journey, Plan, Step
from tools.offers.registry import builder_of

from .budgeting import kind_of_offer
from .outlook import outlook
from .wording import PHASE, pick, template_title, why_in_words, words_of_cohort


def explain(plan: Plan, path: str, language: str = "en") -> str:
    """Say why something is in a plan: a step id, an offer id, a cohort, `budget`, `holdout`, `forecast` or `goal`.

    Paths such as `journeys.vip.steps.vip.early_access` and `offers.vip.store_credit` are read too. Raise `NotFound`
    where nothing stands there.
    """
    name = _bare(path)
    step = next((each for each in plan.steps() if each.id == name), None)
    if step is not None:
        return _step(plan, step, language)
    offer = plan.offer(name)
    if offer is not None:
        return _offer(offer, language)
    journey = next((each for each in plan.journeys if name in (each.cohort, each.id)), None)
    if journey is not None:
        return _journey(journey, language)
    if name.partition(".")[0] in HEADS:
        return HEADS[name.partition(".")[0]](plan, language)
    left_out = [each for each in plan.assumptions if each.startswith(f"{name} left out")]
    if left_out:
        return left_out[0]
    raise NotFound(kind="plan part", id=path)


def _bare(path: str) -> str:
    for prefix in (*(f"journeys.{cohort}.steps." for cohort in COHORTS), "journeys.", "offers.", "steps."):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return path


def _step(plan: Plan, step: Step, language: str) -> str:
    cohort = words_of_cohort(step.id.partition(".")[0], language)
    title = template_title(step.template, language)
    phase = pick(PHASE[step.phase], language, step.phase)
    reasons = why_in_words(step.why, language)
    offer = plan.offer(step.offer_id) if step.offer_id else None
    more = "" if offer is None else " " + _offer(offer, language)
    if language == "zh":
        return f"{cohort}：{title}，{step.due_on}（{phase}），因为{reasons}。{more.strip()}"
    return f"{cohort}: {title} on {step.due_on} ({phase}), because {reasons}.{more}"


def _offer(offer: Offer, language: str) -> str:
    reasons = why_in_words(builder_of(kind_of_offer(offer)).why, language)
    limits = offer.limits
    if language == "zh":
        most = "" if limits.max_granted is None else f"，预算内最多{limits.max_granted}份"
        most += "，每人一个专属优惠码" if offer.gives_code else "，不发优惠码，按条件生效"
        return (
            f"优惠{offer.id}：每次成本{offer.cost_per_use}，最低消费{limits.min_spend}，"
            f"最坏毛利率{offer.worst_margin_rate:.1%}，有效期{limits.valid_from}至{limits.valid_until}{most}；{reasons}。"
        )
    most = "" if limits.max_granted is None else f", at most {limits.max_granted} within the budget"
    most += ", each person with a code of their own" if offer.gives_code else ", by its terms, without a code"
    return (
        f"Offer {offer.id}: {offer.cost_per_use} per use from {limits.min_spend}, worst margin "
        f"{offer.worst_margin_rate:.1%}, valid {limits.valid_from} to {limits.valid_until}{most}; {reasons}."
    )


def _journey(journey: Journey, language: str) -> str:
    cohort = words_of_cohort(journey.cohort, language)
    titles = [template_title(step.template, language) for step in journey.steps if step.owner == "us"]
    waived = "; ".join(f"{name}: {why}" for name, why in journey.waived.items())
    if language == "zh":
        return f"{cohort}共{len(titles)}步：{'、'.join(titles)}。" + (f"未包含：{waived}。" if waived else "")
    return f"{cohort} gets {len(titles)} steps: {', '.join(titles)}." + (f" Left out: {waived}." if waived else "")


def _budget(plan: Plan, language: str) -> str:
    budget = plan.budget
    lines = ", ".join(f"{line.bucket} {line.amount}" for line in budget.lines)
    if language == "zh":
        share = "" if budget.share_rate is None else (
            f"购后占比由{budget.present_share_rate:.1%}到{budget.share_rate:.1%}，"
            f"本步允许{budget.path_min_rate:.1%}至{budget.path_max_rate:.1%}。"
        )  # fmt: skip
        return f"预算{budget.total}：{lines}。预计花费{budget.expected_cost}，最坏{budget.worst_case_cost}。{share}"
    share = "" if budget.share_rate is None else (
        f" The post-purchase share goes from {budget.present_share_rate:.1%} to {budget.share_rate:.1%}; this step of "
        f"the path allows {budget.path_min_rate:.1%} to {budget.path_max_rate:.1%}."
    )  # fmt: skip
    return (
        f"Budget {budget.total}: {lines}. Expected cost {budget.expected_cost}, worst case {budget.worst_case_cost}."
        f"{share}"
    )


def _holdout(plan: Plan, language: str) -> str:
    lift = plan.holdout.detectable_lift_pp
    if language == "zh":
        text = f"每组随机保留{plan.holdout.rate:.1%}作为对照，用来看增量复购率"
        return text + ("。" if lift is None else f"；可发现约{lift:.1f}个百分点以上的提升。")
    text = f"{plan.holdout.rate:.1%} of each cohort are withheld at random to read the incremental repeat rate"
    return text + ("." if lift is None else f"; a lift of about {lift:.1f} percentage points or more can be found.")


def _forecast(plan: Plan, language: str) -> str:
    words = outlook(plan).words
    return words.get(language, words["en"])


def _goal(plan: Plan, language: str) -> str:
    if language == "zh":
        return f"目标：{plan.goal.within_days}天内提升{plan.goal.metric}。"
    return f"The goal is {plan.goal.metric} within {plan.goal.within_days} days."


HEADS = {"budget": _budget, "holdout": _holdout, "forecast": _forecast, "goal": _goal}
"""What stands at the head of a plan."""
