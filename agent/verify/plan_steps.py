"""A plan's steps: each known, in its class, on open channels and hours, and what the brief and its cohort allow."""

from collections.abc import Sequence
from datetime import timedelta

from memory.domain.handover import PlanNow
from memory.domain.market import Market
from memory.domain.message import MESSAGE_CLASS
from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Step

from .reason import reason

PRICE_CUTS = frozenset({"discount", "store_credit"})
NUDGE_DAYS = 30


def plan_steps(now: PlanNow, markets: Sequence[Market]) -> tuple[Blocked, ...]:
    """Give every step that may not be as it is."""
    found: list[Blocked] = []
    for language in now.plan.languages:
        if language not in now.guardrails.languages:
            found.append(reason("languages", "language_not_allowed", f"{language!r} is not allowed.", path="languages"))
    for journey in now.plan.journeys:
        last_nudge: int | None = None
        for step in journey.steps:
            offer = now.plan.offer(step.offer_id) if step.offer_id else None
            found += _known(now, journey, step, offer)
            found += _class(step, offer)
            found += _allowed(now, journey, step)
            found += _hours(now, step, markets)
            found += _for_cohort(now, journey, step, offer)
            if step.kind == "app_nudge":
                found += _nudge(now, step, last_nudge)
                last_nudge = step.day
    return tuple(found)


def _known(now: PlanNow, journey: Journey, step: Step, offer: Offer | None) -> list[Blocked]:
    found, template = [], now.templates.get(step.template)
    if template is None or template.kind != step.kind or not step.template_version <= template.version:
        found.append(reason("known", "unknown_template", f"There is no {step.template}.", path=step.id))
    if step.offer_id and (offer is None or journey.cohort not in offer.limits.cohorts):
        found.append(reason("known", "unknown_offer", f"There is no {step.offer_id}.", path=step.id))
    return found


def _class(step: Step, offer: Offer | None) -> list[Blocked]:
    right, found = MESSAGE_CLASS[step.kind], []
    if step.message_class != right:
        found.append(reason("message_class", "wrong_class", f"{step.kind} is {right}.", path=step.id, limit=right,
                            actual=step.message_class))  # fmt: skip
    is_reward = step.kind == "review_invitation" and offer is not None and offer.incentive.kind == "bonus_points"
    if step.offer_id and right in ("transactional", "service") and not is_reward:
        found.append(reason("message_class", "offer_in_disguise", f"{step.kind} carries no offer.", path=step.id))
    return found


def _allowed(now: PlanNow, journey: Journey, step: Step) -> list[Blocked]:
    if step.owner != "us":
        return []
    brief, rails, found = now.plan.brief, now.guardrails, []
    for channel in {*step.channels, *((step.fallback.channel,) if step.fallback else ())}:
        if channel not in rails.channels or channel in brief.excluded_channels:
            found.append(reason("channels", "channel_not_allowed", f"{channel} is shut.", path=step.id))
    cohort = next((each for each in now.plan.cohorts if each.id == journey.cohort), None)
    most = 0 if cohort is None else cohort.n_people
    if "onpage" not in step.channels and cohort is not None:
        most = min(most, cohort.n_reachable)
    if step.message_class != "transactional" and not step.expected_reach <= most:
        message = f"{step.id} counts on {step.expected_reach} of {most} people."
        found.append(reason("consent", "reach_without_consent", message, path=step.id, limit=most))
    first = now.plan.peak_until + timedelta(days=rails.recent_buyer_days)
    if step.message_class == "promotional" and set(step.channels) - {"onpage"} and not step.due_on > first:
        message = f"{step.id} is due inside the pause after the peak."
        found.append(reason("recent_buyer", "inside_recent_buyer_window", message, path=step.id, limit=first))
    return found


def _hours(now: PlanNow, step: Step, markets: Sequence[Market]) -> list[Blocked]:
    pushes = set(step.channels) - {"onpage"}
    if step.owner != "us" or step.message_class == "transactional" or not pushes:
        return []
    quiet, found = now.guardrails.quiet_hours, []
    if not quiet.opens_minute <= step.local_minute < quiet.closes_minute:
        found.append(reason("quiet_hours", "quiet_hours", f"{step.id} is set for a closed minute.", path=step.id))
    if step.message_class != "promotional":
        return found
    for market in markets:
        for rule in (*market.legal_hours, *now.guardrails.legal_hours):
            is_general = not rule.zones and not rule.on_weekdays
            if (
                is_general
                and rule.channel in pushes
                and not rule.opens_minute <= step.local_minute < rule.closes_minute
            ):
                found.append(
                    reason("quiet_hours", "legal_hours", f"{rule.source}.", path=step.id, limit=market.country)
                )
    return found


def _for_cohort(now: PlanNow, journey: Journey, step: Step, offer: Offer | None) -> list[Blocked]:
    brief, found = now.plan.brief, []
    cuts = offer is not None and offer.incentive.kind in PRICE_CUTS
    pushes = bool(set(step.channels) - {"onpage"})
    if journey.cohort == "first_time" and step.day < 14 and pushes and (cuts or step.kind == "discount_offer"):
        found.append(reason("phase_one_no_discount_push", "discount_push_in_phase_one", f"{step.id} cuts prices early.",
                            path=step.id))  # fmt: skip
    is_broad = cuts and offer is not None and not offer.limits.categories and step.audience is None
    if journey.cohort == "reactivated" and (is_broad or step.kind == "discount_offer"):
        found.append(reason("broad_promo", "broad_promotion", f"{step.id} is a broad promotion.", path=step.id))
    is_shown_to_few = step.goods is not None and step.goods.rule == "newest" and step.goods.if_none == "skip"
    until = now.guardrails.new_goods.all_until if now.guardrails.new_goods is not None else None
    waits = timedelta(days=step.window_days)
    if step.kind == "newest_goods" and not is_shown_to_few and not (until is not None and step.due_on + waits <= until):
        found.append(
            reason("new_goods", "new_goods_to_all", f"{step.id} goes to more than those it suits.", path=step.id)
        )
    if step.kind == "seasonal_reactivation" and offer is not None and offer.incentive.kind == "discount":
        found.append(reason("seasonal_offers", "seasonal_discount", f"{step.id} carries a discount.", path=step.id))
    if step.id in brief.removed_steps or step.kind in brief.excluded_kinds:
        found.append(reason("brief_kept", "excluded_step", f"The brief takes {step.id} out.", path=step.id))
    if brief.moved_steps.get(step.id, step.day) != step.day:
        found.append(reason("brief_kept", "moved_back", f"The brief moved {step.id}.", path=step.id))
    return found


def _nudge(now: PlanNow, step: Step, last: int | None) -> list[Blocked]:
    if not now.plan.brief.app_priority:
        return [reason("app_nudge", "app_not_important", f"{step.id} nudges to an app nobody asked for.", path=step.id)]
    if last is not None and not step.day - last >= NUDGE_DAYS:
        return [reason("app_nudge", "nudge_too_often", f"{step.id} nudges again too soon.", path=step.id)]
    return []
