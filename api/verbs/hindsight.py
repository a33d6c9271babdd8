"""Hindsight: what another policy, plan or set of guardrails would have earned on a plan's log."""

from typing import TYPE_CHECKING

from .acting import Acting
from .plans import get

if TYPE_CHECKING:
    from eval.hindsight import HindsightReport
    from memory.domain.guardrails import Guardrails


def ask(
    acting: Acting,
    plan_id: str,
    policies: list[str],
    guardrails: "Guardrails | None" = None,
    other_plan_id: str = "",
) -> "HindsightReport":
    """Answer from the log of a plan that went live; evaluators only. No policy named asks for all of them."""
    from eval.hindsight import ask as answer
    from eval.hindsight import policies_named

    acting.require("evaluate")
    wanted = policies_named(policies)
    plan_id = get(acting, plan_id).plan.id
    other = get(acting, other_plan_id).plan if other_plan_id else None
    app = acting.app
    return answer(app.store, app.lake, plan_id, app.clock.now(), wanted, guardrails=guardrails, other=other)
