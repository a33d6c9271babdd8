"""The audit log: who did what in the installation, and whether the record still holds."""

from collections.abc import Iterable

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.store.audit import AuditBroken, AuditEntry

from .acting import Acting

PAGE = 100
"""Entries that a page of the log holds unless more are asked for."""


class Verification(Frozen):
    """Whether the log is what was written."""

    holds: bool
    """Whether every entry, the chain between them and the anchored head fit."""
    n_entries: Count
    """How many entries were checked; 0 where it is broken."""
    broken_at: Count = 0
    """The first entry that does not fit; 0 where all do."""
    why: str = ""
    """What is wrong with it."""


def verify(acting: Acting) -> Verification:
    """Check every entry, the chain and the anchored head; a broken log is an answer, not an error."""
    acting.require("self")
    with acting.app.store.read() as uow:
        try:
            n_entries = acting.app.audit_anchor.verify(uow.audit)
        except AuditBroken as error:
            return Verification(holds=False, n_entries=0, broken_at=error.details["seq"], why=error.details["why"])
    return Verification(holds=True, n_entries=n_entries)


def latest(
    acting: Acting, before: int = 0, limit: int = PAGE, actor: str = "", action: str = ""
) -> tuple[AuditEntry, ...]:
    """List entries, newest first, from before an entry on; of one principal or one kind of action where named.

    The log is the whole installation's, so it needs an admin of every shop.
    """
    with acting.app.store.read() as uow:
        _require_everywhere(acting, uow.shops.all())
        return tuple(uow.audit.latest(before, limit, actor.strip(), action.strip()))


def may_list(acting: Acting) -> bool:
    """Say whether the principal may list the log: an admin of every shop."""
    with acting.app.store.read() as uow:
        return all(acting.principal.may("admin", shop.shop_id) for shop in uow.shops.all())


def _require_everywhere(acting: Acting, shops: Iterable[Shop]) -> None:
    acting.require("admin")
    for shop in shops:
        acting.principal.require("admin", shop.shop_id)
