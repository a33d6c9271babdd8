"""An approval takes its plan's money out of the share that all plans of the same days have together (B7)."""

from memory.domain.errors import NotReady
from memory.store.unit_of_work import UnitOfWork
from tools.budget.audit import BudgetAudit
from tools.budget.share import share_room


def take_share(uow: UnitOfWork, plan_id: str) -> bool:
    """Reserve the plan's budget in the share ledger; false where the plans beside it leave too little.

    The ledger's row is locked until the approval is written or given up. A plan that has its money is not charged
    again. Where neither a spend ledger nor a period budget is known there is no share to hold it to.
    """
    plan = uow.plans.get(plan_id).plan
    try:
        rules = uow.guardrails.current(plan.shop_id).budget_share
    except NotReady:
        return False
    figures = uow.figures.get(plan.shop_id)
    audit = BudgetAudit(currency=plan.budget.total.currency)
    if figures is not None:
        money = figures.money
        audit = audit.model_copy(
            update={
                "period_from": money.period_from,
                "period_until": money.period_until,
                "pre_minor": money.total_minor,
                "post_share_rate": money.post_share_rate,
            }
        )
    if plan.budget.present_share_rate is not None:
        audit = audit.model_copy(update={"post_share_rate": plan.budget.present_share_rate})
    room = share_room(audit, rules, plan.anchor_on)
    if room is None:
        return True
    amount = plan.budget.total.amount_minor
    return uow.share_ledger.reserve(plan.shop_id, plan.id, amount, room.most_minor, plan.anchor_on, plan.ends_on)
