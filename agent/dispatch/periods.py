"""Pre-approved periods at the claim: while its approver is away a plan stays within the period's reach and cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agent.approval.periods import periods_for, plans_of
from memory.store.unit_of_work import UnitOfWork


@dataclass
class PeriodLeft:
    """What a plan may still do in the period that holds for it; counted down by the claims of a batch."""

    ends_at: datetime
    """When the period ends."""
    n_people: int
    """How many more people it may write to."""
    cost_millis: int
    """What it may still spend, in thousandths of a minor unit."""
    reached: set[str] = field(default_factory=set)
    """Records it wrote to already: writing to them again reaches nobody new."""

    def allows(self, person: str, cost_millis: int) -> bool:
        """Say whether a message to somebody keeps the limits."""
        return cost_millis <= self.cost_millis and (person in self.reached or self.n_people > 0)

    def take(self, person: str, cost_millis: int) -> None:
        """Count a message that is claimed."""
        self.cost_millis -= cost_millis
        if person not in self.reached:
            self.reached.add(person)
            self.n_people -= 1


def periods_left(
    uow: UnitOfWork, plan_ids: Iterable[str], people: Iterable[str], now: datetime
) -> Mapping[str, PeriodLeft]:
    """Give by plan what the period that holds for it still allows; plans without one are missing."""
    found: dict[str, PeriodLeft] = {}
    for plan_id in plan_ids:
        for period in periods_for(uow, plan_id, now):
            line = plans_of(uow, period)
            done = uow.pre_approvals.done(line, period.starts_at)
            found[plan_id] = PeriodLeft(
                ends_at=period.ends_at,
                n_people=period.limits.max_reach - done.n_reached,
                cost_millis=period.limits.max_cost.amount_minor * 1000 - done.cost_millis,
                reached=set(uow.pre_approvals.reached(line, period.starts_at, people)),
            )
    return found
