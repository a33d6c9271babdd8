"""The policies that hindsight can ask about: each says per decision which option it would have taken."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from memory.domain.errors import SecondOrderError
from tools.offpolicy import Trail
from tools.offpolicy.log import Ints


class UnknownHindsightPolicy(SecondOrderError):
    """{name} is no policy of the log; name one of {known}."""

    http_status = 422


class HindsightPolicy(NamedTuple):
    """One way to choose among the options the guardrails left."""

    id: str
    """Its name on the command line."""
    title: str
    """What it does, in a few words."""
    wanted: Callable[[Trail], Ints] | None
    """Gives per decision the position of the option it takes, -1 for nothing; null where the log itself answers."""


def highest_value(trail: Trail) -> Ints:
    """Take the option of the highest expected net value, nothing where none is above 0."""
    return trail.best(trail.net, trail.net > 0)


def send_to_all(trail: Trail) -> Ints:
    """Send whatever may be sent, the option of the highest expected net value first."""
    return trail.best(trail.net)


def cheapest(trail: Trail) -> Ints:
    """Send whatever may be sent, by the option that is expected to cost least."""
    return trail.best(-trail.cost)


def nothing(trail: Trail) -> Ints:
    """Take nothing."""
    return np.full(len(trail.starts), -1, dtype=np.int64)


DO_NOTHING, AS_DECIDED = "do-nothing", "as-decided"
POLICIES = (
    HindsightPolicy(DO_NOTHING, "nobody gets a message: what the control group did", None),
    HindsightPolicy(AS_DECIDED, "the log's own choices, those left to chance included", None),
    HindsightPolicy("highest-value", "the product's own choice, nothing left to chance", highest_value),
    HindsightPolicy("send-to-all", "everything guardrails allow, by the option worth most", send_to_all),
    HindsightPolicy("cheapest", "everything guardrails allow, by the option that costs least", cheapest),
)


def policies_named(names: list[str]) -> tuple[HindsightPolicy, ...]:
    """Give the policies of these names, each once, all where none is named; raise `UnknownHindsightPolicy`."""
    known = {policy.id: policy for policy in POLICIES}
    for name in names:
        if name not in known:
            raise UnknownHindsightPolicy(name=name or "nothing", known=", ".join(known))
    return tuple(known[name] for name in dict.fromkeys(names)) or POLICIES
