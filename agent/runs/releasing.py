"""Reviewing staged releases: harm stops one, a wait that is over lets it reach more people or asks."""

from agent.tick.release import advanced, find_harm
from memory.domain.clock import Clock
from memory.domain.release import Harm, Release, ReleaseRule
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .autonomy import decide_autonomy


def review_releases(store: Store, clock: Clock, shop_id: str) -> tuple[Release, ...]:
    """Look at every release of the shop that is under way; give those that changed. Harm is looked for first."""
    with store.read() as uow:
        under_way = [one for one in uow.releases.all(shop_id) if one.status in ("going", "asking", "done")]
    changed = []
    for release in under_way:
        with store.unit_of_work() as uow:
            after = _reviewed(uow, release, clock)
            if after is not None and uow.releases.move(release, after):
                _note(uow, after, clock)
                changed.append(after)
    return tuple(changed)


def advance_release(uow: UnitOfWork, release: Release, clock: Clock) -> Release:
    """Give the release at its next stage: a person said so."""
    return advanced(release, _rule(uow, release.shop_id), clock.now())


def _reviewed(uow: UnitOfWork, release: Release, clock: Clock) -> Release | None:
    if uow.plans.get(release.plan_id).status != "live":
        return None
    rule, now = _rule(uow, release.shop_id), clock.now()
    live = uow.batches.live(release.plan_id)
    assert live is not None
    found = find_harm(
        uow.sent_counts.ended(release.plan_id), uow.sent_counts.harmed(release.plan_id, live.live_at), rule
    )
    if found:
        reason = "; ".join(_worded(harm) for harm in found)
        return release.model_copy(update={"status": "stopped", "reason": reason})
    if release.status != "going" or now < release.advance_at:
        return None
    decision = decide_autonomy(uow, release.shop_id, "release_advance", None, now)
    if decision.kind == "go" or (decision.level == 1 and not decision.grant_id):
        return advanced(release, rule, now)
    return release.model_copy(update={"status": "asking", "reason": "; ".join(decision.reasons)})


def _rule(uow: UnitOfWork, shop_id: str) -> ReleaseRule:
    return uow.guardrails.current(shop_id).release or ReleaseRule()


def _worded(harm: Harm) -> str:
    return (
        f"{harm.what} {harm.n_harmed} of {harm.n_messages} ({harm.rate:.1%}, at least {harm.low_rate:.1%}) "
        f"is above {harm.max_rate:.1%}"
    )


def _note(uow: UnitOfWork, release: Release, clock: Clock) -> None:
    now = clock.now()
    detail = {"stage": release.stage, "share_rate": release.share_rate, "reason": release.reason}
    uow.audit.append("system", f"release.{release.status}", f"plan:{release.plan_id}", now, detail)
    if release.status == "stopped":
        message = f"The release of plan {release.plan_id[:12]} stopped: {release.reason}"
        uow.alerts.add(release.shop_id, "release_stopped", f"plan:{release.plan_id}", message, now)
    elif release.status == "asking":
        message = f"The release of plan {release.plan_id[:12]} waits for a person before it reaches more people"
        uow.alerts.add(release.shop_id, "gate_waits", f"release:{release.plan_id}:{release.stage}", message, now)
