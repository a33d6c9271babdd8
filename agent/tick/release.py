"""Staged release: who comes first is drawn once by keyed hash; more follow after a dated wait without harm."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.plan import Plan
from memory.domain.release import Harm, Release, ReleaseRule
from memory.store.unit_of_work import UnitOfWork
from tools.experiments.assignment import unit_intervals
from tools.metrics.interval import wilson


def open_release(uow: UnitOfWork, key: bytes, plan: Plan, now: datetime) -> Release:
    """Begin the first stage of a plan that goes live; the order of its treated people is stored."""
    rule = uow.guardrails.current(plan.shop_id).release or ReleaseRule()
    arms = uow.assignments.arms(plan.shop_id, plan.holdout.experiment_id)
    treated = arms.filter(pc.equal(arms["arm"], "treated"))["person_id"]
    places = unit_intervals(key, ("release", plan.id), treated)
    release = _at_stage(
        Release(
            plan_id=plan.id,
            shop_id=plan.shop_id,
            stage=0,
            share_rate=1.0,
            entered_at=now,
            advance_at=now,
            status="going",
        ),
        rule,
        0,
        now,
    )
    uow.releases.open(release, pa.table({"person_id": treated, "place": pa.array(places)}))
    return release


def advanced(release: Release, rule: ReleaseRule, now: datetime) -> Release:
    """Give the release at its next stage."""
    return _at_stage(release, rule, release.stage + 1, now)


def _at_stage(release: Release, rule: ReleaseRule, stage: int, now: datetime) -> Release:
    is_last = stage >= len(rule.stages)
    share = 1.0 if is_last else rule.stages[stage].share_rate
    wait = timedelta() if is_last else timedelta(hours=rule.stages[stage].wait_hours)
    return release.model_copy(
        update={
            "stage": min(stage, len(rule.stages)),
            "share_rate": share,
            "entered_at": now,
            "advance_at": now + wait,
            "status": "done" if is_last else "going",
            "reason": "",
        }
    )


def find_harm(ended: Mapping[str, int], suppressed: Mapping[str, int], rule: ReleaseRule) -> tuple[Harm, ...]:
    """Give every rate whose 95 % interval lies above its threshold; none below the least number of messages.

    `ended` counts messages per final state, `suppressed` those whose address was suppressed afterwards per reason.
    """
    n_left = ended.get("sent", 0) + ended.get("unknown", 0)
    counts = (
        ("failure", ended.get("failed", 0), n_left + ended.get("failed", 0), rule.max_failure_rate),
        ("bounce", suppressed.get("hard_bounce", 0), n_left, rule.max_bounce_rate),
        ("complaint", suppressed.get("complaint", 0), n_left, rule.max_complaint_rate),
        ("unsubscribe", suppressed.get("unsubscribed", 0), n_left, rule.max_unsubscribe_rate),
    )
    found = []
    for what, n_harmed, n, allowed in counts:
        if n < rule.min_messages or n_harmed == 0:
            continue
        seen = wilson(min(n_harmed, n), n)
        if seen.low > allowed:
            found.append(
                Harm.model_validate(
                    {
                        "what": what,
                        "n_messages": n,
                        "n_harmed": n_harmed,
                        "rate": seen.estimate,
                        "low_rate": seen.low,
                        "max_rate": allowed,
                    }
                )
            )
    return tuple(found)
