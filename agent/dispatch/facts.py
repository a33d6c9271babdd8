"""Everything a claim reads, fetched in a few statements for the whole batch, in the claim's own transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from memory.domain.approval import PlanStatus
from memory.domain.consent import Contact
from memory.domain.errors import NotFound
from memory.domain.guardrails import Guardrails
from memory.domain.plan import Plan
from memory.domain.release import Release
from memory.store.plans import StoredPlan
from memory.store.unit_of_work import UnitOfWork

LONGEST_WINDOW = timedelta(days=366)


@dataclass
class ClaimFacts:
    """What is true of a batch of messages at the instant of the claim."""

    guardrails: Guardrails
    """The limits in force now."""
    plans: dict[str, tuple[Plan, PlanStatus]]
    """Plan and status per plan id."""
    unapproved: set[str]
    """Plans whose approval does not stand any more: withdrawn, or its approver lost the role or touched the content."""
    person_of: dict[str, str]
    """Person id on the message to the person it is now, after merges."""
    state: dict[str, dict[str, Any]]
    """Person state per present person id."""
    contacts: dict[str, Contact]
    """Contact data per present person id."""
    control: set[tuple[str, str]]
    """(plan id, present person id) pairs of which at least one record is in the control group."""
    assigned: set[tuple[str, str]]
    """(plan id, present person id) pairs that have an arm at all."""
    slots: dict[tuple[str, str], list[int]]
    """(present person id, message class) to the instants (microseconds) at which cap slots were taken."""
    budget: dict[str, int]
    """What each plan may still spend, in thousandths of a minor unit."""
    shadows: frozenset[str] = frozenset()
    """Plans that decide without sending."""
    shadow_slots: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """Slots that plans in the shadow would have taken; they count for those plans only."""
    releases: Mapping[str, Release] = field(default_factory=dict)
    """Plans that reach their people in stages."""
    places: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """(plan id, present person id) to the place in the plan's order of release."""
    amended: frozenset[tuple[str, str]] = frozenset()
    """(plan id, step id) of steps that wait for the approval of an amendment."""


def read_facts(uow: UnitOfWork, shop_id: str, rows: Sequence[Any], now: datetime) -> ClaimFacts:
    """Read the facts of these messages, holding their people: no other plan takes a person's cap meanwhile."""
    ids = sorted({row.person_id for row in rows})
    person_of = uow.identities.people_of(ids)
    people = sorted(set(person_of.values()))
    subjects = uow.identities.subjects_of(people)
    owner = {subject: person for person, members in subjects.items() for subject in members}
    state = {record["person_id"]: record for record in uow.person_state.get(shop_id, people, lock=True).to_pylist()}
    stored = {plan_id: uow.plans.get(plan_id) for plan_id in sorted({row.plan_id for row in rows})}
    plans = {plan_id: (each.plan, each.status) for plan_id, each in stored.items()}
    control, assigned = _arms(uow, shop_id, plans, owner)
    slots: dict[tuple[str, str], list[int]] = defaultdict(list)
    for slot in uow.outbox.cap_slots(owner, now - LONGEST_WINDOW):
        slots[(owner[slot.person_id], slot.message_class)].append(slot.claimed_at)
    shadows = frozenset(uow.amendments.shadows(shop_id)) & set(plans)
    shadow_slots: dict[tuple[str, str], list[int]] = defaultdict(list)
    for slot in uow.sent_counts.shadow_slots(owner, sorted(shadows), now - LONGEST_WINDOW):
        shadow_slots[(owner[slot.person_id], slot.message_class)].append(slot.at)
    releases = {plan_id: release for plan_id in plans if (release := uow.releases.get(plan_id)) is not None}
    return ClaimFacts(
        guardrails=uow.guardrails.current(shop_id),
        plans=plans,
        unapproved={plan_id for plan_id, each in stored.items() if not _is_approved(uow, each)},
        person_of=person_of,
        state=state,
        contacts=uow.contacts.by_person(shop_id, people),
        control=control,
        assigned=assigned,
        slots=slots,
        budget={plan_id: uow.budget_ledger.remaining_millis(plan_id, lock=True) for plan_id in plans},
        shadows=shadows,
        shadow_slots=shadow_slots,
        releases=releases,
        places={
            (plan_id, person): place
            for plan_id in releases
            for person, place in uow.releases.places(plan_id, owner).items()
        },
        amended=_amended(uow, plans),
    )


def _is_approved(uow: UnitOfWork, stored: StoredPlan) -> bool:
    """Say whether an approval of this content stands. Its expiry ends at go-live: it limits how long it may wait."""
    for approval in uow.approvals.of_plan(stored.plan.id):
        touched = {approval.requested_by, *approval.touched_by, *stored.touched_by}
        if approval.status == "approved" and approval.decided_by not in touched:
            try:
                return uow.principals.get(approval.decided_by).may("approve", approval.shop_id)
            except NotFound:
                return False
    return False


def _amended(uow: UnitOfWork, plans: Iterable[str]) -> frozenset[tuple[str, str]]:
    found = {plan_id: uow.amendments.waiting(plan_id) for plan_id in plans}
    return frozenset((plan_id, step) for plan_id, one in found.items() if one for step in one.held_steps())


def _arms(
    uow: UnitOfWork, shop_id: str, plans: dict[str, tuple[Plan, PlanStatus]], owner: dict[str, str]
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    control, assigned = set(), set()
    for plan_id, (plan, _) in plans.items():
        for subject, arm in uow.assignments.arms_of(shop_id, plan.holdout.experiment_id, owner).items():
            assigned.add((plan_id, owner[subject]))
            if arm != "treated":
                control.add((plan_id, owner[subject]))
    return control, assigned
