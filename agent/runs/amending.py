"""Amending a live plan: unchanged steps go on, changed ones are held until a person decides, promises are kept."""

from typing import Any

import pyarrow as pa

from agent.approval import approved_plan, request
from memory.domain.amendment import AmendedStep, Amendment, IssuedOffer, StepChange
from memory.domain.canonical import content_hash
from memory.domain.certificate import renew
from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput, NotReady, SecondOrderError
from memory.domain.plan import Plan, Step
from memory.domain.principal import Principal
from memory.lake.lake import Lake
from memory.store.batches import LivePlan
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.facts import open_facts

ESTIMATES = frozenset({"expected_reach", "expected_cost", "why"})
"""Fields of a step that nobody who gets it can see."""


class PromiseBroken(SecondOrderError):
    """The amendment takes back what people hold: {what}. Keep it as it was and add a new step or offer beside it."""

    http_status = 409


def amend(store: Store, clock: Clock, principal: Principal, old_id: str, new_id: str) -> Amendment:
    """Ask for a live plan to become another one; gives who is on the way, what was promised, and what changes.

    The new plan keeps anchor date, people and control group. Raise `PromiseBroken` where an issued offer or a step
    that went out would change, `InvalidInput` and `NotReady` where the two don't belong together.
    """
    with store.read() as uow:
        old, new = uow.plans.get(old_id), uow.plans.get(new_id)
        principal.require("submit", old.plan.shop_id)
        _require_pair(uow, old.plan, new.plan, old.status)
        found = _compare(uow, old.plan, new.plan, principal, clock)
    broken = [f"step {step.step_id} went to {step.n_sent:,} people" for step in found.steps
              if step.change == "changed" and step.n_sent]  # fmt: skip
    broken += [f"offer {offer.offer_id} is held by {offer.n_people:,} people" for offer in found.offers
               if not offer.is_kept]  # fmt: skip
    if broken:
        raise PromiseBroken(what="; ".join(broken))
    request(store, clock, principal, new.plan.id)
    with store.unit_of_work() as uow:
        if uow.amendments.waiting(old.plan.id) is not None:
            raise NotReady(what=f"plan {old_id[:12]}", why="an amendment waits already", remedy="Decide about it first")
        uow.amendments.add(found)
        detail = {"amendment": found.id, "new": new.plan.id, "changed": sorted(found.held_steps())}
        uow.audit.append(principal.id, "plan.amend", f"plan:{old.plan.id}", clock.now(), detail)
    return found


def carry_over(store: Store, lake: Lake, clock: Clock, key: bytes, shop_id: str) -> tuple[Amendment, ...]:
    """Put every decided amendment of the shop into effect; give those that took over."""
    with store.read() as uow:
        waiting = [one for one in uow.amendments.all(shop_id) if one.status == "waiting"]
        status = {one.id: uow.plans.get(one.new_plan_id).status for one in waiting}
    done = []
    for amendment in waiting:
        if status[amendment.id] == "approved":
            approved = approved_plan(store, clock, amendment.new_plan_id)
            _take_over(store, lake, clock, key, amendment, approved.plan)
            done.append(amendment)
        elif status[amendment.id] in ("draft", "rejected"):
            with store.unit_of_work() as uow:
                uow.amendments.close(amendment.id, "dropped")
    return tuple(done)


def _require_pair(uow: UnitOfWork, old: Plan, new: Plan, status: str) -> None:
    name = f"plan {old.id[:12]}"
    if status != "live" or uow.batches.live(old.id) is None:
        raise NotReady(what=name, why=f"it is {status}", remedy="Only a live plan is amended; others are drafted anew")
    if uow.part_holdouts.of(new.id):
        raise InvalidInput(
            what=f"plan {new.id[:12]}",
            why="it withholds people from journeys or steps of its own, but who is withheld was drawn at go-live",
            remedy="Take them away with `secondorder plan holdout` and a share of 0; the live plan's go on",
        )
    same = ("shop_id", "anchor_on", "ends_on", "holdout")
    other = [field for field in same if getattr(old, field) != getattr(new, field)]
    if other or old.id == new.id:
        why = f"it differs in {', '.join(other)}" if other else "it is the same plan"
        raise InvalidInput(
            what=f"plan {new.id[:12]}", why=why, remedy="Change the live plan in a chat and amend with it"
        )


def _compare(uow: UnitOfWork, old: Plan, new: Plan, principal: Principal, clock: Clock) -> Amendment:
    by_step = uow.sent_counts.by_step(old.id)
    n_sent: dict[str, int] = {}
    n_planned: dict[str, int] = {}
    for (step_id, state, _), n in by_step.items():
        counts = n_sent if state in ("sent", "unknown", "claimed") else n_planned if state == "planned" else {}
        counts[step_id] = counts.get(step_id, 0) + n
    before, after = _essences(old), _essences(new)
    steps = tuple(
        AmendedStep(
            step_id=step_id,
            change=_change(before.get(step_id), after.get(step_id)),
            n_sent=n_sent.get(step_id, 0),
            n_planned=n_planned.get(step_id, 0),
        )
        for step_id in sorted({*before, *after})
    )
    issued = uow.sent_counts.issued(old.id)
    offers = tuple(
        IssuedOffer(offer_id=offer_id, n_people=n, is_kept=old.offer(offer_id) == new.offer(offer_id))
        for offer_id, n in sorted(issued.items())
    )
    now = clock.now()
    return Amendment(
        id="m" + content_hash([old.id, new.id, now.isoformat()])[:24],
        shop_id=old.shop_id,
        old_plan_id=old.id,
        new_plan_id=new.id,
        steps=steps,
        offers=offers,
        n_midway=uow.sent_counts.n_reached(old.id) if old.ends_on >= now.date() else 0,
        requested_by=principal.id,
        requested_at=now,
    )


def _essences(plan: Plan) -> dict[str, Any]:
    """Give what a person gets of each step: the step, its offer, and the rules of its journey."""
    found: dict[str, Any] = {}
    for journey in plan.journeys:
        rules = journey.model_dump(mode="json", exclude={"steps"})
        for step in journey.steps:
            found[step.id] = [_seen(step), plan.offer(step.offer_id) if step.offer_id else None, rules]
    return found


def _seen(step: Step) -> dict[str, Any]:
    return step.model_dump(mode="json", exclude=set(ESTIMATES))


def _change(before: Any, after: Any) -> StepChange:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "same" if before == after else "changed"


def _take_over(store: Store, lake: Lake, clock: Clock, key: bytes, amendment: Amendment, plan: Plan) -> None:
    old_id, now = amendment.old_plan_id, clock.now()
    with open_facts(store, lake, [plan.shop_id]) as view:
        table = view.raw("cohort_members")
        people = table.filter(table.plan_id == old_id).to_pyarrow()
    place = people.column_names.index("plan_id")
    people = people.set_column(
        place, people.schema.field("plan_id"), pa.array([plan.id] * people.num_rows, pa.string())
    )
    same = [step.step_id for step in amendment.steps if step.change == "same"]
    with store.unit_of_work() as uow:
        if not uow.amendments.close(amendment.id, "done"):
            return
        live = uow.batches.live(old_id)
        assert live is not None
        uow.versions.lock()
        version = lake.append("cohort_members", people, after=uow.versions.latest().tables.get("cohort_members"))
        uow.versions.add({"cohort_members": version}, f"plan {plan.id[:12]} takes over", now)
        uow.batches.go_live(
            LivePlan(plan_id=plan.id, shop_id=plan.shop_id, live_at=live.live_at, n_people=people.num_rows)
        )
        if (looked_at := uow.batches.looked_at(old_id)) is not None:
            uow.batches.looked([plan.id], looked_at)
        if (looks := uow.looks.get(old_id)) is not None:
            uow.looks.add(looks.model_copy(update={"plan_id": plan.id}))
        _carry_money(uow, old_id, plan)
        uow.releases.copy(old_id, plan.id)
        uow.part_holdouts.copy(old_id, plan)
        uow.message_targets.copy(old_id, plan)
        n_moved = uow.sent_counts.hand_over(old_id, plan.id, same, now, lambda text: renew(key, text, plan.id))
        uow.plans.set_status(old_id, "finished")
        uow.plans.set_status(plan.id, "live")
        detail = {"amendment": amendment.id, "new": plan.id, "n_messages": n_moved}
        uow.audit.append("system", "plan.amended", f"plan:{old_id}", now, detail)


def _carry_money(uow: UnitOfWork, old_id: str, plan: Plan) -> None:
    """What the old plan has spent is spent for the new one too."""
    uow.budget_ledger.open(plan.id, plan.shop_id, plan.budget.total)
    total = 1000 * plan.budget.total.amount_minor
    uow.budget_ledger.reserve(plan.id, min(uow.budget_ledger.reserved_millis(old_id), total))
