"""Addresses that end: what a provider says is gone is suppressed in the transaction that notes it."""

from datetime import datetime

from memory.domain.consent import SuppressionReason
from memory.domain.market import Channel
from memory.store.unit_of_work import UnitOfWork
from tools.identity.keys import address_key

from .words import Sheet


def end_address(
    uow: UnitOfWork, sheet: Sheet, ended: tuple[Channel, str, SuppressionReason], source: str, now: datetime
) -> None:
    """Suppress the address (channel, address, reason) for whoever of the shop has it; before the next claim."""
    channel, address, reason = ended
    stop_address(uow, sheet.shop.shop_id, channel, address_key(sheet.key, address), reason, source, now)


def stop_address(
    uow: UnitOfWork, shop_id: str, channel: Channel, key: str, reason: SuppressionReason, source: str, now: datetime
) -> tuple[str, ...]:
    """Suppress an address by its key and everybody who has it; give them. Nobody has to be known for it to hold."""
    uow.consents.suppress(key, channel, reason, now, source, shop_id=shop_id)
    subjects = uow.contacts.subjects_with(shop_id, [key])
    people = sorted(set(uow.identities.people_of(subjects).values()))
    known = {row["person_id"]: row for row in uow.person_state.get(shop_id, people).to_pylist()}
    for person in people:
        is_granted = bool(known.get(person, {}).get(f"consent_{channel}", False))
        uow.person_state.set_consent(shop_id, person, channel, is_granted, is_suppressed=True)
    return tuple(people)
