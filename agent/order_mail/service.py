"""What a service message about a parcel is held to besides: choices, lapsed permissions, its class's slots."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from agent.dispatch.facts import records_counted, slots_of
from memory.domain.preference import Preference
from memory.store.unit_of_work import UnitOfWork


class OfService(TypedDict):
    """The facts a service message needs beside those of a receipt."""

    preferences: Mapping[str, Preference]
    lapsed: frozenset[str]
    n_service: dict[str, list[int]]


def of_service(uow: UnitOfWork, shop_id: str, people: Sequence[str], now: datetime) -> OfService:
    """Read them for people; a cap holds per person and per address, over all shops and tools. Receipts name nobody."""
    subjects = uow.identities.subjects_of(people)
    owner = {subject: person for person, ones in subjects.items() for subject in ones}
    counts_for: dict[str, list[str]] = defaultdict(list)
    for person, records in records_counted(uow, shop_id, subjects).items():
        for record in records:
            counts_for[record].append(person)
    taken: dict[str, list[int]] = defaultdict(list)
    for slot in slots_of(uow, counts_for, now):
        if slot.message_class == "service":
            for person in counts_for[slot.person_id]:
                taken[person].append(slot.claimed_at)
    lapsed = uow.consents.lapsed(shop_id, owner, now)
    return {
        "preferences": uow.preferences.many(shop_id, people),
        "lapsed": frozenset(owner[subject] for subject, channel in lapsed if channel == "email"),
        "n_service": dict(taken),
    }
