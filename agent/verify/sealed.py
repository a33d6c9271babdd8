"""The certificate: ours, of this very message, complete, and every slack worked out anew."""

import re

from memory.domain.certificate import UNITS, Certificate, Limit, LimitName, ppm, read_certificate, slack
from memory.domain.guardrails import Guardrails
from memory.domain.handover import PlanNow, Promise
from memory.domain.market import Market
from memory.domain.outcome import Blocked

from .reason import reason

COUNTED_FROM = 3
_DAY = re.compile(r"@\d{4}-\d{2}-\d{2}(?=/)")
"""On which day of its window a step was decided; a step without a window has none."""


def sealed(key: bytes, promise: Promise, plan: PlanNow, market: Market | None) -> tuple[Blocked, ...]:
    """Give why the message's certificate does not hold."""
    certificate = read_certificate(key, promise.certificate)
    if isinstance(certificate, Blocked):
        return (certificate,)
    found = [
        _mismatch(f"it names {name} {has!r} for {wants!r}")
        for name, has, wants in _bindings(certificate, promise, plan)
        if has != wants
    ]
    then = certificate.person
    if then.arm != "treated" or (then.suppressed and promise.message_class != "transactional"):
        found.append(_mismatch("the person it was made for was not to be reached"))
    if not then.consent and promise.message_class != "transactional":
        found.append(_mismatch("the person it was made for had not permitted the channel"))
    if then.language != promise.language:
        found.append(_mismatch(f"it was made in {then.language!r}"))
    if (then.market, promise.channel) in plan.plan.brief.excluded:
        found.append(reason("channels", "channel_not_allowed", f"The brief excludes {promise.channel} there."))
    return (*found, *_limits(certificate, plan, market))


def _bindings(certificate: Certificate, promise: Promise, plan: PlanNow) -> tuple[tuple[str, object, object], ...]:
    wanted = ("send_key", "plan_id", "step_id", "cohort", "channel", "message_class", "template", "offer_id",
              "cost_millis")  # fmt: skip
    names = {f"{promise.plan_id[:12]}/{step}/{promise.person_id}" for step in _decided(promise)}
    decision = _DAY.sub("", certificate.decision_id)
    return (
        *((name, getattr(certificate, name), getattr(promise, name)) for name in wanted),
        ("kind", certificate.kind, promise.message_kind),
        ("guardrails", certificate.guardrail_version, plan.guardrails.version),
        ("decision", decision, decision if decision in names else promise.step_id),
    )


def _decided(promise: Promise) -> tuple[str, str]:
    return promise.step_id, f"{promise.step_id}/fallback"


def _limits(certificate: Certificate, plan: PlanNow, market: Market | None) -> list[Blocked]:
    """Every limit that binds is there, with the bound of the guardrails and the measure of the facts it names."""
    stated = {limit.name: limit for limit in certificate.limits}
    wanted = _wanted(certificate, plan.guardrails, market)
    found = []
    if set(stated) != {*wanted, "budget"} or len(stated) != len(certificate.limits):
        found.append(_mismatch(f"it states {sorted(stated)} where {sorted([*wanted, 'budget'])} bind"))
    for limit in certificate.limits:
        if limit.slack != slack(limit.name, limit.measured, limit.limit):
            found.append(_mismatch(f"its slack of {limit.name} is wrong"))
        if limit.name in wanted and not _fits(limit, *wanted[limit.name]):
            found.append(_mismatch(f"its {limit.name} is not that of the guardrails and facts"))
        if limit.slack < 0:
            message = f"{limit.name} was {limit.measured} {limit.unit}; the limit is {limit.limit}."
            found.append(reason(RULES[limit.name], "limit_broken", message, limit=limit.limit, actual=limit.measured))
    return found


def _fits(limit: Limit, measured: int | None, bound: int) -> bool:
    return limit.limit == bound and (measured is None or limit.measured == measured)


RULES: dict[LimitName, str] = {name: name for name in UNITS} | {
    "opens": "quiet_hours",
    "closes": "quiet_hours",
    "promo_share": "promo_ratio",
    "budget": "plan_budget",
}
"""Which guardrail a limit belongs to."""


def _wanted(
    certificate: Certificate, rails: Guardrails, market: Market | None
) -> dict[LimitName, tuple[int | None, int]]:
    """Give (measure where the certificate's own facts say it, bound) of every limit that binds."""
    then, wanted = certificate.person, dict[LimitName, tuple[int | None, int]]()
    is_promotion, is_receipt = certificate.message_class == "promotional", certificate.message_class == "transactional"
    cap = next((each for each in rails.frequency_caps if each.message_class == certificate.message_class), None)
    if cap is not None and not is_receipt:
        wanted["frequency_cap"] = (then.n_sent + 1, cap.max_messages)
    if is_promotion and then.last_order_at is not None:
        waited = int((certificate.send_at - then.last_order_at) / 1_000_000)
        wanted["recent_buyer"] = (waited, 86_400 * rails.recent_buyer_days)
    opens, closes = _hours(certificate, rails, market)
    if not is_receipt and opens <= closes:
        wanted["opens"], wanted["closes"] = (then.minute, opens), (then.minute, closes)
    n_promotional, n_all = then.n_promotional + 1, then.n_promotional + 1 + then.n_value
    if is_promotion and n_all >= COUNTED_FROM:
        wanted["promo_share"] = (n_promotional * 1_000_000 // n_all, ppm(rails.max_promo_share))
    ceilings = {str(cohort): rate for cohort, rate in rails.discount_ceiling.items()}
    if certificate.offer_id:
        wanted["discount_ceiling"] = (None, ppm(ceilings.get(certificate.cohort, 0.0)))
        wanted["price_floor"] = (None, ppm(rails.min_price_ratio))
    if certificate.offer_id and certificate.kind != "early_access":
        wanted["margin_floor"] = (None, ppm(rails.min_margin_rate))
    return wanted


def _hours(certificate: Certificate, rails: Guardrails, market: Market | None) -> tuple[int, int]:
    then = certificate.person
    first, last = rails.quiet_hours.opens_minute, rails.quiet_hours.closes_minute - 1
    if certificate.message_class == "promotional":
        for rule in (*(market.legal_hours if market else ()), *rails.legal_hours):
            in_zone = not rule.zones or then.zone in rule.zones
            on_day = not rule.on_weekdays or then.weekday in rule.on_weekdays
            if rule.channel == certificate.channel and in_zone and on_day:
                first, last = max(first, rule.opens_minute), min(last, rule.closes_minute - 1)
    return first, last


def _mismatch(why: str) -> Blocked:
    return reason("certificate", "certificate_mismatch", f"The certificate does not hold: {why}.")
