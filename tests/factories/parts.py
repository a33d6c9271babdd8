"""Part holdouts in a small world: names of a journey and its steps, and who is withheld from them."""

from memory.domain.part_holdout import Part, PartHoldout
from memory.domain.plan import Plan
from memory.store.engine import Store

from .doing import World

JOURNEY = "first_time.journey"
THANKS = "first_time.thank_you"
"""Its first step that is ours, due on day 1."""
NEXT = "first_time.onboarding"
"""The one after it, due on day 3."""


def hold_out(store: Store, plan: Plan, part: Part, part_id: str, rate: float = 0.5) -> PartHoldout:
    """Set a part holdout as the verb does."""
    holdout = PartHoldout(plan_id=plan.id, part=part, part_id=part_id, rate=rate)
    with store.unit_of_work() as uow:
        uow.part_holdouts.put(plan.shop_id, holdout)
    return holdout


def arms_in(store: Store, world: World, holdout: PartHoldout) -> dict[str, str]:
    """Give person to arm in a part's experiment."""
    with store.read() as uow:
        rows = uow.assignments.arms(world.shop.shop_id, holdout.experiment_id(world.plan)).to_pylist()
    return {row["person_id"]: row["arm"] for row in rows}


def of_arm(arms: dict[str, str], arm: str) -> set[str]:
    """Give the people of one arm."""
    return {person for person, found in arms.items() if found == arm}
