"""Certificates: what a decision rested on, limit by limit, sealed so that a row written by hand has none.

The text of a certificate is canonical JSON; a seal is an HMAC over that text under a key derived from the
installation's. Every figure is an integer or an instant in microseconds.
"""

import hmac
from functools import lru_cache
from typing import Literal

from pydantic import ValidationError

from .base import Frozen
from .canonical import canonical_json
from .outcome import Blocked
from .segment import IntentState, SegmentRule

LimitName = Literal[
    "frequency_cap",
    "recent_buyer",
    "opens",
    "closes",
    "promo_share",
    "discount_ceiling",
    "price_floor",
    "margin_floor",
    "budget",
]
Unit = Literal["messages", "seconds", "minutes", "ppm", "millis"]
UNITS: dict[LimitName, Unit] = {
    "frequency_cap": "messages",  # this one included
    "recent_buyer": "seconds",  # since the last order
    "opens": "minutes",  # of the recipient's local day
    "closes": "minutes",  # the last minute that is allowed
    "promo_share": "ppm",
    "discount_ceiling": "ppm",
    "price_floor": "ppm",
    "margin_floor": "ppm",
    "budget": "millis",  # thousandths of a minor unit
}
"""What each limit is measured in; ppm is millionths."""
FLOORS: frozenset[LimitName] = frozenset({"recent_buyer", "opens", "price_floor", "margin_floor"})
"""Limits that a value must reach; all others must not be passed."""
SEAL_DIGITS = 64


class Limit(Frozen):
    """One limit with what was measured against it."""

    name: LimitName
    """Which."""
    measured: int
    """The value, in the limit's unit."""
    limit: int
    """The bound, in the same unit."""
    slack: int
    """How much was left; negative where the limit was broken."""

    @property
    def unit(self) -> Unit:
        """What it is measured in."""
        return UNITS[self.name]


class PersonThen(Frozen):
    """What was known of the person when it was decided."""

    arm: str
    """Treated or control."""
    consent: bool
    """Whether the channel was permitted."""
    suppressed: bool
    """Whether the address was suppressed."""
    holiday: bool
    """Whether the local day was a public holiday."""
    language: str
    """The language of the copy."""
    market: str
    """Where the person lives."""
    zone: str
    """The zone the hours were read in."""
    minute: int
    """Minute of the local day."""
    weekday: int
    """Local weekday, Monday 0."""
    last_order_at: int | None
    """Last order (microseconds); null where there was none."""
    n_sent: int
    """Messages of the class in the cap's window, this one left out."""
    n_promotional: int
    """Promotional messages of the plan so far."""
    n_value: int
    """Service messages of the plan so far."""


class IntentThen(Frozen):
    """The state of intent a message was decided in, where its step is for people in one."""

    rule: SegmentRule
    """The step's audience."""
    state: IntentState | Literal[""]
    """The state the person was in; empty for none."""
    as_of: int
    """Up to when what they did was counted (microseconds)."""


class Certificate(Frozen):
    """Why one message may go, bound to the message."""

    format: Literal["second-order/certificate@1"] = "second-order/certificate@1"
    decision_id: str
    """The decision."""
    send_key: str
    """The message's key."""
    plan_id: str
    """The plan's content hash."""
    step_id: str
    """The step."""
    cohort: str
    """The cohort."""
    channel: str
    """The channel."""
    kind: str
    """What the message says."""
    message_class: str
    """Its class."""
    template: str
    """Its template and version."""
    offer_id: str
    """The offer it carries; empty for none."""
    cost_millis: int
    """What it may cost, in thousandths of a minor unit."""
    guardrail_version: str
    """Hash of the guardrails it was held to."""
    data_version: int
    """Version of the facts it rests on."""
    decided_at: int
    """The tick's slot (microseconds)."""
    send_at: int
    """When it was to go (microseconds)."""
    person: PersonThen
    """The facts used."""
    intent: IntentThen | None = None
    """The state of intent used; none for steps that ask for no state."""
    limits: tuple[Limit, ...]
    """Every limit that bound it, in the order of `UNITS`."""


def ppm(rate: float) -> int:
    """Give a rate in millionths."""
    return round(rate * 1_000_000)


def slack(name: LimitName, measured: int, limit: int) -> int:
    """Give what is left of a limit."""
    return measured - limit if name in FLOORS else limit - measured


def sealing_key(key: bytes) -> bytes:
    """Give the key certificates are sealed with, derived from the installation's."""
    return hmac.digest(key, b"second-order/certificate", "sha256")


def sealed(seal_key: bytes, text: str) -> str:
    """Give the text with its seal in front."""
    return hmac.digest(seal_key, text.encode(), "sha256").hex() + text


def issue(key: bytes, certificate: Certificate) -> str:
    """Give one certificate's sealed text."""
    return sealed(sealing_key(key), canonical_json(certificate).decode())


def renew(key: bytes, text: str, plan_id: str) -> str:
    """Give a certificate of ours for the plan that takes over from its own; one that does not hold stays as it is.

    Facts, limits and guardrails stay those of the decision: the successor was approved with the step unchanged.
    """
    found = read_certificate(key, text)
    if isinstance(found, Blocked):
        return text
    _, _, rest = found.decision_id.partition("/")
    return issue(key, found.model_copy(update={"plan_id": plan_id, "decision_id": f"{plan_id[:12]}/{rest}"}))


@lru_cache(maxsize=4_096)  # claim and hand-off ask about the same text
def read_certificate(key: bytes, text: str) -> Certificate | Blocked:
    """Give the certificate of a sealed text; a reason where there is none or where the seal is not ours."""
    if not text:
        return Blocked(rule="certificate", code="no_certificate", message="The message carries no certificate.")
    seal, body = text[:SEAL_DIGITS], text[SEAL_DIGITS:]
    if not hmac.compare_digest(sealed(sealing_key(key), body)[:SEAL_DIGITS].encode(), seal.encode()):
        return _mismatch("its seal is not this installation's")
    try:
        return Certificate.model_validate_json(body)
    except ValidationError as error:
        return _mismatch(f"it cannot be read: {error.errors()[0]['msg']}")


def _mismatch(why: str) -> Blocked:
    return Blocked(rule="certificate", code="certificate_mismatch", message=f"The certificate does not hold: {why}.")
