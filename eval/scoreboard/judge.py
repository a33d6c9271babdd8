"""Violations, counted by the second checker (`agent.verify`), which shares no code with what decided.

A plan is held against every check of plans. Messages are grouped by the facts that the checks of messages read; each
group is checked once and counts for all of its messages, so that nothing loops over people.
"""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from agent.planning.context import PlanContext
from agent.tick.figures import figures_of
from agent.verify import verify_plan
from agent.verify.caps import caps, recent_buyer
from agent.verify.people import people
from memory.domain.cohort import COHORTS
from memory.domain.handover import PersonNow, PlanNow, Promise, Slot, TemplateNow
from memory.domain.outcome import Blocked, Denied
from memory.domain.plan import Journey, Plan

from .cells import FACTS
from .crowd import CHANNELS
from .options import right_class


class MessageViolations(NamedTuple):
    """What the messages of a run broke."""

    rules: Counter[str]
    """How many messages break each rule; a message may break several."""
    n_messages: int
    """How many messages break any rule."""


def plan_now(plan: Plan, context: PlanContext) -> PlanNow:
    """Give a plan with everything the second checker holds it to; nothing else holds money."""
    figures = figures_of(context.shop, context.data_version, context, context.audit, context.rates)
    return PlanNow(
        plan=plan,
        status="live",
        approval=None,
        may_approve=True,
        touched_by=(),
        live_at=None,
        guardrails=context.guardrails,
        figures=figures,
        concurrent_minor=0,
        remaining_millis=1000 * plan.budget.total.amount_minor,
        home_zone=context.shop.zone,
        templates={each.id: TemplateNow(each.kind, each.version) for each in context.templates},
    )


def plan_violations(plan: Plan, context: PlanContext) -> tuple[Blocked, ...]:
    """Give every reason why the second checker refuses the plan."""
    verdict = verify_plan(plan_now(plan, context), context.markets)
    return verdict.reasons if isinstance(verdict, Denied) else ()


def message_violations(messages: pa.Table, plan: Plan, context: PlanContext) -> MessageViolations:
    """Count the messages (`FACTS`) that break rules."""
    now, found, n_messages = plan_now(plan, context), Counter[str](), 0
    journeys: dict[str, Journey] = {journey.cohort: journey for journey in plan.journeys}
    grouped = messages.group_by([name for name in FACTS.names if name != "n"]).aggregate([("n", "sum")])
    for row in grouped.to_pylist():
        rules = {reason.rule for reason in _reasons(row, now, journeys)}
        found.update(dict.fromkeys(sorted(rules), row["n_sum"]))
        n_messages += row["n_sum"] if rules else 0
    return MessageViolations(found, n_messages)


def _reasons(row: dict[str, object], now: PlanNow, journeys: dict[str, Journey]) -> tuple[Blocked, ...]:
    """Check one group by the class that its kind really has."""
    plan, cohort, true_class = now.plan, COHORTS[int(str(row["cohort"]))], right_class(str(row["kind"]))
    at = datetime.combine(plan.anchor_on + timedelta(days=int(str(row["day"]))), time(10), ZoneInfo(plan.zone))
    slots = tuple(Slot(f"slot-{k}", true_class, at - timedelta(hours=1)) for k in range(int(str(row["n_recent"]))))
    promise = Promise(
        send_key="this", shop_id=plan.shop_id, plan_id=plan.id, step_id=str(row["step"]), person_id="", cohort=cohort,
        channel=CHANNELS[int(str(row["channel"]))], message_kind=str(row["kind"]), message_class=true_class,
        template="", offer_id="", language="en", cost_millis=0, certificate="",
    )  # fmt: skip
    person = PersonNow(
        arm="control" if row["control"] else "treated",
        is_erased=False,
        has_consent=bool(row["consent"]),
        is_suppressed=False,
        zones=(plan.zone,),
        last_order_at=at - timedelta(days=int(str(row["since_days"]))),
        slots=slots,
    )
    reasons = (
        *people(promise, person),
        *caps(promise, person, now, at),
        *recent_buyer(promise, person, journeys[cohort], now, at),
    )
    if row["message_class"] == true_class:
        return reasons
    return (*reasons, Blocked(rule="message_class", code="wrong_class", message=f"{row['kind']} is {true_class}."))
