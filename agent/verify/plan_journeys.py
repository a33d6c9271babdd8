"""A plan's journeys: one per cohort, each its own, complete, and with more than promotion."""

from collections import Counter

from memory.domain.cohort import COHORTS
from memory.domain.handover import PlanNow
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Plan

from .reason import reason

FLOW: tuple[tuple[str, frozenset[str]], ...] = (
    ("order_confirmation", frozenset({"order_confirmation"})),
    ("shipping_notice", frozenset({"shipping_notice"})),
    ("usage_guide", frozenset({"care_guide"})),
    ("review_request", frozenset({"review_invitation"})),
    (
        "second_incentive",
        frozenset({"store_credit", "points_multiple", "free_shipping", "gift_with_purchase", "discount_offer"}),
    ),
)
"""The five-step flow and what counts as each of its steps."""
MOST_WITHHELD = 0.5


def plan_journeys(now: PlanNow) -> tuple[Blocked, ...]:
    """Give every reason that lies in the journeys, their sizes and the control group."""
    plan = now.plan
    return (
        *_ids(plan),
        *_shape(plan),
        *_sizes(now),
        *(found for journey in plan.journeys for found in (*_flow(journey), *_promotion(journey, now))),
    )


def _ids(plan: Plan) -> list[Blocked]:
    found = []
    for name, ids in (
        ("steps", [step.id for step in plan.steps()]),
        ("offers", [offer.id for offer in plan.offers]),
        ("journeys", [journey.id for journey in plan.journeys]),
    ):
        if len(set(ids)) != len(ids):
            found.append(reason("duplicates", "id_twice", f"An id of the {name} is there twice.", path=name))
    messages = Counter((journey.cohort, step.kind, step.day) for journey in plan.journeys for step in journey.steps)
    if messages and max(messages.values()) > 1:
        found.append(reason("duplicates", "message_twice", "A message is there twice on a day.", path="journeys"))
    return found


def _shape(plan: Plan) -> list[Blocked]:
    found = []
    if Counter(journey.cohort for journey in plan.journeys) != Counter(COHORTS):
        found.append(
            reason("distinct_journeys", "journeys_missing", "Every cohort needs one journey.", path="journeys")
        )
    contents = [
        tuple((step.kind, offer.incentive.kind if (offer := plan.offer(step.offer_id or "")) else None)
              for step in journey.steps if step.owner == "us")
        for journey in plan.journeys
    ]  # fmt: skip
    if len(set(contents)) != len(contents):
        found.append(reason("distinct_journeys", "same_journey", "Two cohorts get the same steps.", path="journeys"))
    return found


def _sizes(now: PlanNow) -> list[Blocked]:
    plan, rails, found = now.plan, now.guardrails, []
    rate = plan.holdout.rate
    if not rails.min_holdout_rate <= rate <= MOST_WITHHELD:
        code = "holdout_too_large" if rate > MOST_WITHHELD else "holdout_too_small"
        found.append(reason("holdout", code, f"{rate:.1%} are withheld.", path="holdout.rate",
                            limit=rails.min_holdout_rate, actual=rate))  # fmt: skip
    wanted = plan.brief.holdout_rate
    if wanted is not None and wanted != rate:
        found.append(reason("brief_kept", "holdout_differs", f"The brief withholds {wanted:.1%}.", path="holdout.rate"))
    reached = sum(
        max([step.expected_reach for step in j.steps if step.owner == "us"], default=0) for j in plan.journeys
    )
    if not reached <= rails.max_reach:
        found.append(reason("reach", "too_many_people", f"The plan touches {reached} people.", path="journeys",
                            limit=rails.max_reach, actual=reached))  # fmt: skip
    return found


def _flow(journey: Journey) -> list[Blocked]:
    kinds = {step.kind for step in journey.steps}
    return [
        reason("five_step_flow", "flow_step_missing", f"{journey.cohort} lacks a {name}.", path=journey.id, actual=name)
        for name, count in FLOW
        if not kinds & count and not journey.waived.get(name, "").strip()
    ]


def _promotion(journey: Journey, now: PlanNow) -> list[Blocked]:
    rails, found = now.guardrails, []
    ours = [step for step in journey.steps if step.owner == "us"]
    classes = Counter(step.message_class for step in ours)
    n_promotional, n_both = classes["promotional"], classes["promotional"] + classes["service"]
    if n_both and not n_promotional / n_both <= rails.max_promo_share:
        message = f"{n_promotional} of {n_both} messages to {journey.cohort} are promotional."
        found.append(reason("promo_ratio", "too_much_promotion", message, path=journey.id, limit=rails.max_promo_share))
    for cap in rails.frequency_caps:
        days = [
            step.day for step in ours if step.message_class == cap.message_class and set(step.channels) - {"onpage"}
        ]
        most = max((sum(day - cap.window_days < other <= day for other in days) for day in days), default=0)
        if not most <= cap.max_messages:
            message = f"{journey.cohort} would get {most} {cap.message_class} messages in {cap.window_days} days."
            found.append(reason("frequency_cap", "cap_exceeded", message, path=journey.id, limit=cap.max_messages,
                                actual=most))  # fmt: skip
    return found
