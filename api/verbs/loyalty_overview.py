"""Loyalty at a glance: which programme is in force and which comes next, and how far everybody is with missions."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.loyalty import LoyaltyProgramme, ProgrammeVersion

from .acting import Acting

if TYPE_CHECKING:
    from agent.loyalty.mission_totals import MissionTotal


class ProgrammesNow(Frozen):
    """A shop's programmes as of now."""

    current: ProgrammeVersion | None
    """The one in force; null before the first one starts, and where there is none."""
    coming: ProgrammeVersion | None
    """The next one that starts later; null for none."""
    n_set: int
    """How many programmes were ever set."""

    @property
    def key(self) -> str:
        """What tells these programmes from those after a change."""
        set_at = max((one.set_at.isoformat() for one in (self.current, self.coming) if one), default="")
        return f"{self.n_set}|{set_at}|{self.current.programme.starts_on if self.current else ''}"


def programmes_now(acting: Acting) -> ProgrammesNow:
    """Give the programme in force and the next one; by look-ups alone."""
    from tools.loyalty import terms_of
    from tools.loyalty.programmes import in_force

    acting.require("read")
    with acting.app.store.read() as uow:
        history, shop = uow.loyalty.history(acting.shop_id), uow.shops.get(acting.shop_id)
    terms, now = terms_of(history, shop), acting.app.clock.now()

    def version_of(programme: LoyaltyProgramme) -> ProgrammeVersion:
        return next(one for one in reversed(history) if one.programme == programme)

    term = in_force(terms, now)
    later = next((one for one in terms if one.starts_at > now), None)
    return ProgrammesNow(
        current=version_of(term.programme) if term else None,
        coming=version_of(later.programme) if later else None,
        n_set=len(history),
    )


def missions(acting: Acting) -> "tuple[MissionTotal, ...]":
    """Give every mission of plans that run, with how many people did how many of its tasks."""
    from agent.loyalty.mission_totals import mission_totals

    acting.require("read")
    with acting.facts() as view, acting.app.store.read() as uow:
        return mission_totals(view, uow, uow.shops.get(acting.shop_id), acting.app.clock.now())
