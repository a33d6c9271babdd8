"""Asking an installation: which log, which facts, which limits."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from memory.domain.errors import NotReady
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store
from tools.outcomes.window import outcome_window

from .answers import HindsightReport, answer
from .limits import under_limits
from .other_plan import under_plan
from .policies import POLICIES, HindsightPolicy
from .reading import Logged, read_log


def ask(
    store: Store,
    lake: Lake,
    plan_id: str,
    as_of: datetime,
    policies: Sequence[HindsightPolicy] = POLICIES,
    *,
    guardrails: Guardrails | None = None,
    other: Plan | None = None,
) -> HindsightReport:
    """Say what policies would have earned on a plan that went live, as of now.

    `guardrails` and `other` narrow what may be sent to what these limits allow and what that plan holds too. Raise
    `NotReady` where the plan never went live.
    """
    with store.read() as uow:
        plan, live = uow.plans.get(plan_id).plan, uow.batches.live(plan_id)
        shop, version = uow.shops.get(plan.shop_id), uow.versions.latest()
        chance = {batch.batch_id: _chance(batch.report) for batch in uow.batches.all(plan.shop_id)}
        tables = {**version.tables, **uow.batches.lake_versions()}
        known = {each.version: each.guardrails for each in uow.guardrails.history(plan.shop_id)}
    if live is None:
        raise NotReady(what=f"plan {plan_id[:12]}", why="it never went live", remedy="Approve it and let it go live")
    window, refused = outcome_window(plan, live.live_at), None
    with lake.open(tables, [plan.shop_id]) as view:
        log = read_log(view, view, plan, shop, window, as_of, chance)
        if guardrails is not None:
            log = under_limits(view, log, plan, shop, known, guardrails)
        if other is not None:
            log, refused = under_plan(log, plan, other)
    return _report(
        log, plan, shop.currency, policies, refused, as_of, as_of >= window.ends_at, _question(guardrails, other)
    )


def _chance(report: dict[str, object]) -> float:
    rate = report.get("exploration_rate", 0.0)
    return float(rate) if isinstance(rate, int | float) else 0.0


def _question(guardrails: Guardrails | None, other: Plan | None) -> str:
    parts = [] if guardrails is None else [f"guardrails {guardrails.version[:12]}"]
    parts += [] if other is None else [f"what plan {other.id[:12]} by {other.planner.kind} holds too"]
    return " and ".join(parts)


def _report(
    log: Logged,
    plan: Plan,
    currency: str,
    policies: Sequence[HindsightPolicy],
    refused: NotEstimable | None,
    as_of: datetime,
    is_final: bool,
    question: str,
) -> HindsightReport:
    explored = log.decisions["is_explored"].to_numpy(zero_copy_only=False)
    return HindsightReport(
        plan_id=plan.id,
        currency=currency,
        n_people=log.people.num_rows,
        n_control=int(np.sum(log.people["arm"].to_numpy(zero_copy_only=False) == "control")),
        n_decisions=log.decisions.num_rows,
        n_cut=log.n_cut,
        explored_rate=float(np.mean(explored)) if len(explored) else 0.0,
        as_of=as_of,
        is_final=is_final,
        question=question,
        answers=answer(log, plan.holdout.rate, policies, refused),
    )
