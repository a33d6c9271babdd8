"""Taking an identity link back: people are resolved again, and a new data version holds the result."""

from memory.domain.clock import Clock
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.facts import commit_facts
from tools.markets import load_markets


def reverse_link(store: Store, lake: Lake, link_id: int, clock: Clock, by: str) -> int:
    """Undo the merge a link made and give the new data version; files that show the link again do not bring it back."""
    with store.unit_of_work() as uow:
        uow.identities.reverse(link_id, by, clock.now())
        return _resolve(uow, lake, clock, f"reverse identity link {link_id}")


def restore_link(store: Store, lake: Lake, link_id: int, clock: Clock) -> int:
    """Let a reversed link hold again and give the new data version."""
    with store.unit_of_work() as uow:
        uow.identities.restore(link_id)
        return _resolve(uow, lake, clock, f"restore identity link {link_id}")


def _resolve(uow: UnitOfWork, lake: Lake, clock: Clock, reason: str) -> int:
    from tools.ingest.people_rows import update_people
    from tools.ingest.state import update_state

    people = update_people(uow)
    if people is None:
        return uow.versions.latest().number
    snapshot, subjects = people
    version = commit_facts(uow, lake, {"identities": snapshot}, reason, clock.now()).data_version
    for shop in uow.shops.all():
        update_state(uow, lake, shop, load_markets(), subjects)
    return version
