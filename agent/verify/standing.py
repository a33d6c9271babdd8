"""Whether the plan may run at all: status, approval, guardrails, money."""

from datetime import datetime

from memory.domain.handover import PlanNow, Promise
from memory.domain.outcome import Blocked

from .reason import reason


def standing(now_plan: PlanNow, promise: Promise, now: datetime) -> tuple[Blocked, ...]:
    """Give every reason why nothing of this plan may leave now."""
    plan, found = now_plan.plan, []
    if promise.plan_id != plan.id or promise.shop_id != plan.shop_id:
        found.append(reason("known", "other_plan", f"The message belongs to plan {promise.plan_id[:12]}."))
    if now_plan.status != "live":
        found.append(reason("standing", f"plan_{now_plan.status}", f"The plan is {now_plan.status}, not live."))
    if now_plan.guardrails.version != plan.guardrail_version:
        found.append(
            reason("standing", "guardrails_changed", "The guardrails are not those the plan was approved under.",
                   limit=now_plan.guardrails.version, actual=plan.guardrail_version)
        )  # fmt: skip
    found += _approval(now_plan, now)
    left = now_plan.remaining_millis
    if not 0 <= promise.cost_millis <= left:
        message = f"The message costs {promise.cost_millis} millis; the plan has {left} left."
        found.append(reason("budget", "budget", message, limit=left, actual=promise.cost_millis))
    return tuple(found)


def _approval(now_plan: PlanNow, now: datetime) -> list[Blocked]:
    approval, plan = now_plan.approval, now_plan.plan
    if approval is None or approval.status != "approved" or approval.decided_at is None:
        return [reason("approval", "not_approved", "No approval of the plan stands.")]
    found = []
    if approval.plan_id != plan.id or approval.guardrail_version != plan.guardrail_version:
        found.append(reason("approval", "other_content_approved", "The approval is bound to other content."))
    if approval.decided_by in {approval.requested_by, *approval.touched_by, *now_plan.touched_by}:
        found.append(reason("approval", "not_approved", f"{approval.decided_by} touched what they approved."))
    if not now_plan.may_approve:
        found.append(reason("approval", "not_approved", f"{approval.decided_by} may not approve any more."))
    used_at = now_plan.live_at or now  # an approval expires while it waits for its use
    if not approval.decided_at <= approval.expires_at or not used_at <= approval.expires_at:
        found.append(reason("approval", "approval_expired", f"The approval expired at {approval.expires_at}."))
    return found
