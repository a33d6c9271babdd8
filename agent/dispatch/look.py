"""The look right before a hand-off: what the store says of a claimed message, its person and its plan at this instant.

A look is read for several messages at once and counts only while nobody committed anything since: it is as fresh as
one that is read for each message alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from memory.domain.handover import PersonNow, PlanNow, Slot
from memory.store.changes import Changes
from memory.store.engine import Store
from memory.store.instants import from_micros, to_micros
from memory.store.unit_of_work import UnitOfWork

from .claim import Claimed
from .deeds import Deeds
from .facts import slots_of
from .reactions import refusal_now
from .second import Second, person_now

AHEAD = 50
"""How many messages are looked at together; all of them again once anything was committed."""


class Look(NamedTuple):
    """What a claimed message meets."""

    state: Mapping[str, Any]
    """What is known of the person: columns of `person_state`, `is_stopped`, `is_erased` and `lease_until`."""
    answered: str
    """Why a second channel's message is not needed any more; empty where it is, and for all others."""
    person: PersonNow
    """The person as the second checker is shown them."""
    plan: PlanNow
    """The plan, with what this message has reserved."""

    def stands(self, now: datetime) -> bool:
        """Say whether the claim's lease still runs."""
        return bool(self.state["lease_until"] > to_micros(now))


class Looks:
    """The looks of one batch in order; reads ahead, and anew whenever somebody committed."""

    def __init__(
        self, store: Store, second: Second, changes: Changes, batch: Sequence[Claimed], deeds: Deeds | None = None
    ) -> None:
        """Look at nothing yet; without `deeds` nobody's state of intent is known."""
        self._deeds = deeds
        self._store, self._second, self._changes, self._batch = store, second, changes, batch
        self._mark: object = None
        self._known: dict[int, Look | None] = {}

    def at(self, place: int, now: datetime) -> Look | None:
        """Give the look of the message at a place of the batch; none where its claim does not stand any more."""
        mark = self._changes.mark()  # before the reading: what is committed meanwhile makes it stale
        if mark != self._mark or place not in self._known:
            ahead = self._batch[place : place + AHEAD]
            if self._deeds is not None:
                self._deeds.refresh([(one.row, one.person_id) for one in ahead], now)
            with self._store.read() as uow:
                found = look_at(uow, ahead, self._second, self._second.plan_now, now, self._deeds)
            self._known = {place + offset: found.get(one.row.send_key) for offset, one in enumerate(ahead)}
            self._mark = mark
        return self._known[place]


def look_at(
    uow: UnitOfWork,
    batch: Sequence[Claimed],
    second: Second,
    plan_of: Callable[[UnitOfWork, str], PlanNow],
    now: datetime,
    deeds: Deeds | None = None,
) -> dict[str, Look]:
    """Read the looks of claimed messages by send key; those whose claim does not stand any more are missing."""
    states = uow.reach.of([(one.row.send_key, one.fence, one.person_id) for one in batch], now)
    held = [one for one in batch if one.row.send_key in states]
    own = uow.identities.subjects_of({one.person_id for one in held})
    slots = _slots(uow, held, own, now)
    plans = {plan_id: plan_of(uow, plan_id) for plan_id in sorted({one.row.plan_id for one in held})}
    arms = _arms(uow, held, own, second)
    part_arms = _part_arms(uow, held, own, second)
    found: dict[str, Look] = {}
    for one in held:
        row, state = one.row, states[one.row.send_key]
        counted = {*own[one.person_id], *one.counted}
        known = [arm for subject in own[one.person_id] if (arm := arms[row.plan_id].get(subject))]
        found[row.send_key] = Look(
            state=state,
            answered=_answered(uow, row, state),
            person=person_now(
                state,
                row,
                known,
                [slot for subject in sorted(counted) for slot in slots[subject]],
                {name: _together(of, own[one.person_id]) for name, of in part_arms.get(row.plan_id, {}).items()},
                deeds.of(one.person_id) if deeds is not None else None,
            ),
            plan=_with_own(plans[row.plan_id], one.cost_millis),
        )
    return found


def _slots(
    uow: UnitOfWork, held: Iterable[Claimed], own: Mapping[str, Iterable[str]], now: datetime
) -> Mapping[str, Sequence[Slot]]:
    subjects = {subject for one in held for subject in (*own[one.person_id], *one.counted)}
    slots: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots_of(uow, subjects, now):
        slots[slot.person_id].append(Slot(slot.send_key, slot.message_class, from_micros(slot.claimed_at)))
    return slots


def _arms(
    uow: UnitOfWork, held: Iterable[Claimed], own: Mapping[str, Iterable[str]], second: Second
) -> Mapping[str, Mapping[str, str]]:
    subjects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in held:
        subjects[(one.row.shop_id, one.row.plan_id)].update(own[one.person_id])
    return {
        plan_id: uow.assignments.arms_now(shop_id, second.plan_of(uow, plan_id).holdout.experiment_id, members)
        for (shop_id, plan_id), members in subjects.items()
    }


def _part_arms(
    uow: UnitOfWork, held: Iterable[Claimed], own: Mapping[str, Iterable[str]], second: Second
) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Give per plan and experiment of its part holdouts the arms of records."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for plan_id, shop_id in sorted({(one.row.plan_id, one.row.shop_id) for one in held}):
        subjects = {subject for one in held if one.row.plan_id == plan_id for subject in own[one.person_id]}
        plan = second.plan_of(uow, plan_id)
        names = [one.experiment_id(plan) for one in second.parts_of(uow, plan_id)]
        found[plan_id] = {name: uow.assignments.arms_of(shop_id, name, subjects) for name in names}
    return found


def _together(arms: Mapping[str, str], subjects: Iterable[str]) -> frozenset[str]:
    return frozenset(arm for subject in subjects if (arm := arms.get(subject)))


def _answered(uow: UnitOfWork, row: Any, state: Mapping[str, Any]) -> str:
    first = uow.outbox.get(row.first_key) if row.first_key else None
    return refusal_now(uow, first, state) if first is not None and not state["is_erased"] else ""


def _with_own(plan: PlanNow, reserved_millis: int) -> PlanNow:
    return plan.model_copy(update={"remaining_millis": plan.remaining_millis + reserved_millis})
