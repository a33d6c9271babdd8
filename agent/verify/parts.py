"""Whether the person is withheld from the journey or the step alone."""

from memory.domain.handover import PersonNow, PlanNow
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Step

from .reason import reason


def parts(person: PersonNow, journey: Journey, step: Step, plan: PlanNow) -> tuple[Blocked, ...]:
    """Give a reason per part holdout that withholds this person, and per one in which they have no arm at all."""
    names = {("journey", journey.id), ("step", step.id)}
    found = []
    for one in plan.parts:
        if (one.part, one.part_id) not in names:
            continue
        arms = person.part_arms.get(f"{plan.plan.holdout.experiment_id}.{one.part}.{one.part_id}", frozenset())
        if arms != {"treated"}:
            why = f"The person is withheld from the {one.part} {one.part_id}."
            found.append(reason("holdout", "held_out", why, actual=",".join(sorted(arms)) or "no arm"))
    return tuple(found)
