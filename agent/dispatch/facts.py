"""Everything a claim reads, fetched in a few statements for the whole batch, in the claim's own transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from memory.domain.approval import PlanStatus
from memory.domain.consent import Contact
from memory.domain.guardrails import Guardrails
from memory.domain.handover import Slot
from memory.domain.part_holdout import PartHoldout
from memory.domain.plan import Plan
from memory.domain.preference import Preference, RiskBand
from memory.domain.release import Release
from memory.store.communities import COMMUNITY
from memory.store.goods_state import GoodsStateRow
from memory.store.instants import from_micros
from memory.store.plans import StoredPlan
from memory.store.unit_of_work import UnitOfWork

from .approver import still_approver
from .goods import skus_of
from .library import item_of
from .periods import PeriodLeft, periods_left

LONGEST_WINDOW = timedelta(days=366)
NOTICE_WINDOW = timedelta(days=30)
"""A person hears of a change of one article at most once in so long; the claim holds it as the tick does."""


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
    goods: dict[str, GoodsStateRow]
    """What is left of each article the messages name, and what it costs."""
    notices: set[tuple[str, str]]
    """(present person id, sku) of price and stock notices that left, or may have, within their window."""
    lapsed: set[tuple[str, str]]
    """(present person id, channel) pairs whose permission lapsed by itself."""
    preferences: dict[str, Preference]
    """What people chose, per present person id."""
    asked_since: Mapping[str, datetime]
    """Since when the channel that a person asked for stands; whoever asked for none is missing."""
    decided_at: Mapping[str, datetime]
    """Batch id to when its tick or trigger read what people had asked for; only where anybody asked for a channel."""
    bands: dict[str, RiskBand]
    """Risk of losing them; people in the low band are missing."""
    budget: dict[str, int]
    """What each plan may still spend, in thousandths of a minor unit."""
    held: dict[str, list[Slot]]
    """The same slots per present person id, as the second checker reads them."""
    counted: dict[str, tuple[str, ...]]
    """Records whose slots count for a present person id: their own, and those of whoever has the same address."""
    arms: dict[tuple[str, str], set[str]]
    """(plan id, present person id) to the arms of all records of the person."""
    invited: set[tuple[str, str]] = field(default_factory=set)
    """(message kind, present person id) of whom this run's own claims invite to membership or a community."""
    community_links: Mapping[str, str] = field(default_factory=dict)
    """Where the community of each market is joined; read where a message invites to one."""
    ended_content: frozenset[str] = frozenset()
    """Items of the library that these messages speak of and that are not in use any more."""
    periods: Mapping[str, PeriodLeft] = field(default_factory=dict)
    """Plan id to what a pre-approved period still allows it; plans without one are missing."""
    channels: frozenset[str] = frozenset()
    """Channels that the installation sends on."""
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
    parts: Mapping[str, tuple[PartHoldout, ...]] = field(default_factory=dict)
    """Per plan the journeys and steps from which treated people are withheld."""
    spared: frozenset[str] = frozenset()
    """Present person ids of whom a parcel is on a lane that slips."""
    part_arms: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """(experiment of a part holdout, present person id) to the arms of all records of the person."""

    @cached_property
    def sharers(self) -> Mapping[str, tuple[str, ...]]:
        """Give per record the present person ids whose caps its messages use up."""
        found: dict[str, list[str]] = defaultdict(list)
        for person, records in self.counted.items():
            for record in records:
                found[record].append(person)
        return {record: tuple(people) for record, people in found.items()}

    def part_arms_of(self, plan_id: str, person: str) -> dict[str, frozenset[str]]:
        """Give a person's arms per experiment of the plan's part holdouts; where they have none it is empty."""
        names = [one.experiment_id(self.plans[plan_id][0]) for one in self.parts.get(plan_id, ())]
        return {name: self.part_arms.get((name, person), frozenset()) for name in names}


def _community_links(uow: UnitOfWork, shop_id: str, rows: Sequence[Any]) -> dict[str, str]:
    markets = {row.market for row in rows if row.message_kind == COMMUNITY}
    found = {market: uow.communities.of_market(shop_id, market) for market in sorted(markets)}
    return {market: kept.community.link for market, kept in found.items() if kept is not None}


def _ended_content(
    uow: UnitOfWork, shop_id: str, rows: Sequence[Any], plans: Mapping[str, tuple[Plan, PlanStatus]]
) -> frozenset[str]:
    named = {item.id for row in rows if (item := item_of(row, plans[row.plan_id][0])) is not None}
    return frozenset(named - {item.id for item in uow.content_items.in_use(shop_id)}) if named else frozenset()


def read_facts(uow: UnitOfWork, shop_id: str, rows: Sequence[Any], now: datetime) -> ClaimFacts:
    """Read the facts of these messages, holding their people: no other plan takes a person's cap meanwhile."""
    person_of = uow.identities.people_of(sorted({row.person_id for row in rows}))
    people = sorted(set(person_of.values()))
    subjects = uow.identities.subjects_of(people)
    owner = {subject: person for person, members in subjects.items() for subject in members}
    counted = records_counted(uow, shop_id, subjects)
    uow.person_state.hold({*people, *(uow.identities.people_of({*_flat(counted)}).values())})
    state = {record["person_id"]: record for record in uow.person_state.get(shop_id, people, lock=True).to_pylist()}
    stored = {plan_id: uow.plans.get(plan_id) for plan_id in sorted({row.plan_id for row in rows})}
    plans = {plan_id: (each.plan, each.status) for plan_id, each in stored.items()}
    arms, parts = _arms(uow, shop_id, plans, owner), uow.part_holdouts.of_plans(plans)
    slots, held = _slots(uow, people, counted, now)
    shadows = frozenset(uow.amendments.shadows(shop_id)) & set(plans)
    preferences = uow.preferences.many(shop_id, people)
    asked_since, decided_at = _asked(uow, shop_id, preferences, rows)
    releases = {plan_id: release for plan_id in plans if (release := uow.releases.get(plan_id)) is not None}
    return ClaimFacts(
        guardrails=uow.guardrails.current(shop_id),
        plans=plans,
        unapproved={plan_id for plan_id, each in stored.items() if not _is_approved(uow, each)},
        person_of=person_of,
        community_links=_community_links(uow, shop_id, rows),
        ended_content=_ended_content(uow, shop_id, rows, plans),
        periods=periods_left(uow, plans, [row.person_id for row in rows], now),
        state=state,
        contacts=uow.contacts.by_person(shop_id, people),
        control={pair for pair, found in arms.items() if found != {"treated"}},
        assigned=set(arms),
        slots=slots,
        goods=uow.goods_state.get(shop_id, skus_of(rows)),
        notices={(owner[who], sku) for who, sku in uow.notices.left(shop_id, owner, now - NOTICE_WINDOW)},
        lapsed={(owner[subject], channel) for subject, channel in uow.consents.lapsed(shop_id, owner, now)},
        preferences=preferences,
        asked_since=asked_since,
        decided_at=decided_at,
        bands=uow.preferences.bands(shop_id, people),
        budget={plan_id: uow.budget_ledger.remaining_millis(plan_id, lock=True) for plan_id in plans},
        spared=frozenset(owner[subject] for subject in uow.slips.spared(shop_id, owner)),
        shadows=shadows,
        shadow_slots=_shadow_slots(uow, owner, shadows, now),
        releases=releases,
        places=_places(uow, releases, owner),
        amended=_amended(uow, plans),
        held=held,
        counted=counted,
        arms=arms,
        parts=parts,
        part_arms=_part_arms(uow, shop_id, plans, parts, owner),
    )


def _places(uow: UnitOfWork, plan_ids: Iterable[str], owner: dict[str, str]) -> dict[tuple[str, str], float]:
    """Give the place of each (plan id, person) in the order of a release in stages."""
    return {
        (plan_id, person): place
        for plan_id in plan_ids
        for person, place in uow.releases.places(plan_id, owner).items()
    }


def records_counted(uow: UnitOfWork, shop_id: str, subjects: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Give the records whose messages use up a person's caps: a cap holds per person and per normalised address."""
    keys = uow.contacts.keys_of(shop_id, subjects)
    mates = uow.contacts.mates(shop_id, {key for pairs in keys.values() for _, key in pairs})
    return {
        person: tuple(sorted({*members, *(mate for _, key in keys.get(person, ()) for mate in mates.get(key, ()))}))
        for person, members in subjects.items()
    }


def _slots(
    uow: UnitOfWork, people: Iterable[str], counted: Mapping[str, Iterable[str]], now: datetime
) -> tuple[dict[tuple[str, str], list[int]], dict[str, list[Slot]]]:
    slots: dict[tuple[str, str], list[int]] = defaultdict(list)
    held: dict[str, list[Slot]] = defaultdict(list)
    counts_for: dict[str, list[str]] = defaultdict(list)
    for person in people:
        for subject in counted[person]:
            counts_for[subject].append(person)
    for slot in slots_of(uow, counts_for, now):
        for person in counts_for[slot.person_id]:
            slots[(person, slot.message_class)].append(slot.claimed_at)
            held[person].append(Slot(slot.send_key, slot.message_class, from_micros(slot.claimed_at)))
    return slots, held


def _shadow_slots(
    uow: UnitOfWork, owner: Mapping[str, str], shadows: Iterable[str], now: datetime
) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for slot in uow.sent_counts.shadow_slots(owner, sorted(shadows), now - LONGEST_WINDOW):
        found[(owner[slot.person_id], slot.message_class)].append(slot.at)
    return found


def _asked(
    uow: UnitOfWork, shop_id: str, preferences: Mapping[str, Preference], rows: Sequence[Any]
) -> tuple[Mapping[str, datetime], Mapping[str, datetime]]:
    """Give since when channels were asked for, and when the messages were decided; nothing where nobody asked."""
    asked = [person for person, chosen in preferences.items() if chosen.channel]
    if not asked:
        return {}, {}
    return uow.preferences.asked_since(shop_id, asked), uow.batches.read_at({row.batch_id for row in rows})


def slots_of(uow: UnitOfWork, subjects: Iterable[str], now: datetime) -> list[Any]:
    """Give (person_id, message_class, claimed_at, send_key) of what uses caps up: our messages and other tools'."""
    ids, since = list(subjects), now - LONGEST_WINDOW
    of_ours = [*uow.outbox.cap_slots(ids, since), *uow.order_mail.cap_slots(ids, since)]
    return [*of_ours, *uow.outside_sends.cap_slots(ids, since, now)]


def _flat(counted: Mapping[str, Iterable[str]]) -> set[str]:
    return {subject for members in counted.values() for subject in members}


def _is_approved(uow: UnitOfWork, stored: StoredPlan) -> bool:
    """Say whether an approval of this content stands. Its expiry ends at go-live: it limits how long it may wait."""
    for approval in uow.approvals.of_plan(stored.plan.id):
        touched = {approval.requested_by, *approval.touched_by, *stored.touched_by}
        if approval.status == "approved" and approval.decided_by not in touched:
            return still_approver(uow, approval)
    return False


def _amended(uow: UnitOfWork, plans: Iterable[str]) -> frozenset[tuple[str, str]]:
    found = {plan_id: uow.amendments.waiting(plan_id) for plan_id in plans}
    return frozenset((plan_id, step) for plan_id, one in found.items() if one for step in one.held_steps())


def _arms(
    uow: UnitOfWork, shop_id: str, plans: dict[str, tuple[Plan, PlanStatus]], owner: dict[str, str]
) -> dict[tuple[str, str], set[str]]:
    arms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for plan_id, (plan, _) in plans.items():
        for subject, arm in uow.assignments.arms_now(shop_id, plan.holdout.experiment_id, owner).items():
            arms[(plan_id, owner[subject])].add(arm)
    return dict(arms)


def _part_arms(
    uow: UnitOfWork,
    shop_id: str,
    plans: Mapping[str, tuple[Plan, PlanStatus]],
    parts: Mapping[str, Iterable[PartHoldout]],
    owner: Mapping[str, str],
) -> dict[tuple[str, str], frozenset[str]]:
    arms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name in sorted({one.experiment_id(plans[plan_id][0]) for plan_id, ones in parts.items() for one in ones}):
        for subject, arm in uow.assignments.arms_of(shop_id, name, owner).items():
            arms[(name, owner[subject])].add(arm)
    return {key: frozenset(found) for key, found in arms.items()}
