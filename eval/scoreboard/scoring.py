"""One planner on one task in one world: what it earned of what the oracle earned, and what it broke."""

from math import comb

from agent.guardrails import check_plan
from agent.planning.context import PlanContext
from memory.domain.base import Count, Frozen
from memory.domain.brief import Brief
from memory.domain.plan import Plan

from .crowd import Crowd
from .judge import message_violations, plan_violations
from .living import Lived, live
from .planners import ORACLE, Contender, Entry
from .tasks import Task, broken

DISQUALIFIED = -1.0
"""A result with any violation scores this or less: below every honest one, whatever it earned."""


class Result(Frozen):
    """What one planner did with one task and seed; money in cents of the shop's currency."""

    planner: str
    """Which."""
    task: str
    """Which brief."""
    language: str
    """In which language it was typed."""
    seed: int
    """Of the world."""
    is_refused: bool
    """Whether there is no plan: none was composed, or the product's own checks refused it."""
    score: float
    """Net as a share of the oracle's, within -1 and what was earned; -1 and less where anything was violated."""
    net_minor: float
    """True incremental margin less sends, offers, and the charge for unsubscribes."""
    oracle_minor: float
    """What the oracle nets under the same brief."""
    rpr_lift_pp: float
    """True lift of the repeat purchase rate."""
    claimed_minor: int
    """Incremental margin the plan forecasts."""
    cost_minor: float
    """What sends and offers cost."""
    n_sent: Count
    """Messages."""
    n_unsubscribed: Count
    """Permissions taken back."""
    n_violations: Count
    """Reasons of the second checker against the plan, and messages that break a rule."""
    rules: dict[str, Count]
    """The same per rule; a message may break several."""
    broken: tuple[str, ...]
    """What had to hold for this task and does not."""

    @property
    def passed(self) -> bool:
        """Whether everything that has to hold does, violations included."""
        return not self.broken and not self.n_violations


def score_planner(
    contender: Contender, task: Task, language: str, crowd: Crowd, context: PlanContext, oracle_minor: float
) -> Result:
    """Let a planner plan for the brief, live through ninety days, and judge them."""
    brief = task.brief(language, context)
    made = contender.make(brief, context)
    entry = made if isinstance(made, Entry) else None
    if entry is not None and entry.obeys and check_plan(entry.plan, context.guardrails, context):
        entry = None
    if entry is None:
        return _refused(contender, task, language, crowd, oracle_minor)
    lived = best_of(entry, crowd, context)
    reasons = plan_violations(entry.plan, context)
    rules, n_messages = message_violations(lived.by_cell, entry.plan, context)
    for reason in reasons:
        rules[reason.rule] += 1
    n_bad = len(reasons) + n_messages
    return Result(
        planner=contender.id,
        task=task.id,
        language=language,
        seed=crowd.start.seed,
        is_refused=False,
        score=score(lived.net_minor, oracle_minor, n_bad, n_messages / max(lived.n_sent, 1)),
        net_minor=round(lived.net_minor, 2),
        oracle_minor=round(oracle_minor, 2),
        rpr_lift_pp=round(lived.rpr_lift_pp, 4),
        claimed_minor=entry.plan.forecast.incremental_margin_minor,
        cost_minor=round(lived.sends_minor + lived.offers_minor, 2),
        n_sent=lived.n_sent,
        n_unsubscribed=lived.n_unsubscribed,
        n_violations=n_bad,
        rules=dict(sorted(rules.items())),
        broken=broken(task.must, entry.plan),
    )


def score(net_minor: float, oracle_minor: float, n_violations: int, violating_rate: float) -> float:
    """Give the share of the oracle's net, never below -1; any violation gives -1 less the share of such messages."""
    if n_violations:
        return round(DISQUALIFIED - violating_rate, 6)
    share = net_minor / oracle_minor if oracle_minor > 0 else 0.0
    return round(max(share, DISQUALIFIED), 6)


def oracle_net(brief: Brief, crowd: Crowd, context: PlanContext) -> float:
    """Give what the oracle nets under a brief; 0 where no plan can be made."""
    made = ORACLE.make(brief, context)
    if not isinstance(made, Entry) or check_plan(made.plan, context.guardrails, context):
        return 0.0
    return best_of(made, crowd, context).net_minor


def best_of(entry: Entry, crowd: Crowd, context: PlanContext) -> Lived:
    """Live under each of an entry's policies and give the best run."""
    runs = [live_plan(entry, entry.plan, k, crowd, context) for k in range(len(entry.policies))]
    return max(runs, key=lambda run: run.net_minor)


def live_plan(entry: Entry, plan: Plan, place: int, crowd: Crowd, context: PlanContext) -> Lived:
    """Live through ninety days under one of an entry's policies."""
    return live(
        crowd, entry.policies[place], entry.gifts, context.guardrails, holdout_rate=plan.holdout.rate,
        budget_minor=plan.budget.total.amount_minor, obeys=entry.obeys,
    )  # fmt: skip


def pass_k(passed: list[bool], k: int) -> float:
    """Give the chance that k of the runs drawn without replacement all pass (pass^k, Yao et al. 2024)."""
    n, good = len(passed), sum(passed)
    return comb(good, k) / comb(n, k) if 0 < k <= n else 0.0


def _refused(contender: Contender, task: Task, language: str, crowd: Crowd, oracle_minor: float) -> Result:
    return Result(
        planner=contender.id, task=task.id, language=language, seed=crowd.start.seed, is_refused=True, score=0.0,
        net_minor=0.0, oracle_minor=round(oracle_minor, 2), rpr_lift_pp=0.0, claimed_minor=0, cost_minor=0.0,
        n_sent=0, n_unsubscribed=0, n_violations=0, rules={}, broken=broken(task.must, None),
    )  # fmt: skip
