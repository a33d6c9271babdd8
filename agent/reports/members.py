"""Members beside other buyers as they are, and what inviting to membership changed, from a holdout alone (S1-25)."""

from datetime import datetime
from typing import Literal

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Estimate
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.member_invitations import INVITATION
from tools.facts import open_facts
from tools.metrics.members import MembersApart, members_apart

from .lift import lift_report
from .lift_model import PlanLift

FROM_HOLDOUT = "measured: invited people less those drawn at random not to be invited, whether they joined or not"
"""What the causal figure is."""


class InvitationEffect(Frozen):
    """What inviting to membership added, from one plan's holdout of that step."""

    kind: Literal["measured"] = "measured"
    """Tells it from a refusal."""
    plan_id: str
    """The plan."""
    step_id: str
    """The step that invites."""
    n_invited: Count
    """People who may be invited."""
    n_withheld: Count
    """People drawn at random who may not."""
    rpr_difference_pp: Estimate
    """Invited less withheld, in points, with its interval."""
    label: str = FROM_HOLDOUT
    """What it is."""


class MemberReport(Frozen):
    """Both, never mixed: the raw difference is described, the effect is measured or it is not there."""

    raw: MembersApart
    """Members beside others; not causal."""
    effect: InvitationEffect | NotEstimable
    """The causal figure; not estimable without a holdout of an invitation."""


def member_report(
    store: Store,
    lake: Lake,
    shop_id: str,
    begins_at: datetime,
    ends_at: datetime,
    within_days: int,
    as_of: datetime,
) -> MemberReport:
    """Compare members with others who bought in [begins, ends), and read the newest holdout of an invitation."""
    with store.read() as uow:
        shop = uow.shops.get(shop_id)
        plans = [stored.plan for stored in uow.plans.all(shop_id) if uow.batches.live(stored.plan.id) is not None]
        held = uow.part_holdouts.of_plans(plan.id for plan in plans)
    with open_facts(store, lake, [shop_id]) as view:
        raw = members_apart(view, shop, begins_at, ends_at, within_days, as_of)
    effect: InvitationEffect | NotEstimable = no_holdout()
    for plan in plans:
        if any(one.part == "step" and one.part_id in inviting_steps(plan) for one in held.get(plan.id, ())):
            effect = invitation_effect(plan, lift_report(store, lake, shop_id, plan.id, as_of))
            break
    return MemberReport(raw=raw, effect=effect)


def invitation_effect(plan: Plan, lift: PlanLift) -> InvitationEffect | NotEstimable:
    """Take the effect of inviting out of a plan's lift; not estimable where no invitation was withheld."""
    steps = inviting_steps(plan)
    found = next((one for one in lift.parts if one.part == "step" and one.part_id in steps), None)
    if found is None:
        return no_holdout()
    return InvitationEffect(
        plan_id=plan.id,
        step_id=found.part_id,
        n_invited=found.n_treated,
        n_withheld=found.n_withheld,
        rpr_difference_pp=found.rpr_difference_pp,
    )


def inviting_steps(plan: Plan) -> frozenset[str]:
    """Give the steps of a plan that invite to membership."""
    return frozenset(step.id for step in plan.steps() if step.kind == INVITATION)


def no_holdout() -> NotEstimable:
    """Give the refusal of a causal figure that rests on nothing drawn at random."""
    message = "No plan withheld its invitation from people drawn at random: set one with `secondorder plan holdout`."
    return NotEstimable(code="no_control_group", message=message)
