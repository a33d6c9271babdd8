"""Intent: whether the person is in the state the step is for, then by the certificate and now by what they did.

The state is read off counted deeds by code of this checker's own; the tick works it out over the whole lake.
"""

from datetime import datetime, timedelta

from memory.domain.certificate import Certificate, read_certificate
from memory.domain.handover import DeedsNow, PersonNow, Promise
from memory.domain.outcome import Blocked
from memory.domain.plan import Step
from memory.domain.segment import AllOf, AnyOf, Intends, NotOf, SegmentRule

from .reason import reason

CART_COUNTS = timedelta(days=30)
"""A cart left behind counts for so long."""
ENOUGH_LOOKS = 5
"""So many interactions with one category are exploring it."""


def intent(key: bytes, promise: Promise, person: PersonNow, step: Step, now: datetime) -> tuple[Blocked, ...]:
    """Give why the person is not whom the step means; nothing for steps that ask for no state."""
    rule = step.audience
    if rule is None or not _asks(rule):
        return ()
    return (*_sealed(key, promise, rule), *_still(rule, person.deeds, now))


def _sealed(key: bytes, promise: Promise, rule: SegmentRule) -> list[Blocked]:
    """Hold the step's rule against the state that the certificate says; one that can't be read is a reason already."""
    certificate = read_certificate(key, promise.certificate)
    if not isinstance(certificate, Certificate):
        return []
    then = certificate.intent
    if then is None:
        return [reason("intent", "no_intent", "The step is for one state of intent; the certificate names none.")]
    found = []
    if then.rule != rule or then.as_of != certificate.decided_at:
        why = "its intent is that of another audience or instant"
        found.append(reason("certificate", "certificate_mismatch", f"The certificate does not hold: {why}."))
    if _holds(rule, then.state) is False:
        message = f"The step is not for who is in state {then.state!r}, and the person was."
        found.append(reason("intent", "intent_missed", message, actual=then.state))
    return found


def _still(rule: SegmentRule, deeds: DeedsNow | None, now: datetime) -> list[Blocked]:
    if deeds is None:
        return [reason("intent", "intent_unknown", "Nobody looked at what the person did, and the step rests on it.")]
    state = _state(deeds, now)
    if _holds(rule, state) is not False:
        return []
    return [reason("intent", "intent_changed", f"The person is in state {state!r} by now.", actual=state)]


def _state(deeds: DeedsNow, now: datetime) -> str:
    """Give `abandon`, `explore` or nothing: a cart that no order followed wins over looking around."""
    cart, order = deeds.cart_at, deeds.ordered_at
    if cart is not None and now - cart < CART_COUNTS and not (order is not None and order >= cart):
        return "abandon"
    looks = (n for category, n in deeds.looked.items() if category not in deeds.bought)
    return "explore" if max(looks, default=0) >= ENOUGH_LOOKS else ""


def _asks(rule: SegmentRule) -> bool:
    if isinstance(rule, AllOf | AnyOf):
        return any(_asks(part) for part in rule.of)
    return _asks(rule.of) if isinstance(rule, NotOf) else isinstance(rule, Intends)


def _holds(rule: SegmentRule, state: str) -> bool | None:
    """Say whether the rule holds by the state alone; None where something else decides, which the tick looked at."""
    if isinstance(rule, Intends):
        return rule.state == state
    if isinstance(rule, NotOf):
        inner = _holds(rule.of, state)
        return None if inner is None else not inner
    if not isinstance(rule, AllOf | AnyOf):
        return None
    parts = {_holds(part, state) for part in rule.of}
    settles = isinstance(rule, AnyOf)  # one part that holds settles `any`, one that does not settles `all`
    if settles in parts:
        return settles
    return None if None in parts else not settles
