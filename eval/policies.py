"""Who decides for each person when a step falls due: the policies that `eval run` compares."""

from typing import NamedTuple

from memory.domain.errors import SecondOrderError


class UnknownPolicy(SecondOrderError):
    """{name} is no policy; name some of {known}, with commas between."""

    http_status = 422


class Policy(NamedTuple):
    """One way to decide."""

    id: str
    """Its name on the command line."""
    title: str
    """What it does, in a few words."""
    exploration_rate: float | None
    """Share of decisions left to chance; null leaves the product's own."""
    sends: bool
    """Whether messages are handed off at all."""


POLICIES = (
    Policy("planned", "the product's own choice", None, sends=True),
    Policy("random", "chance, evenly among what guardrails allow and doing nothing", 1.0, sends=True),
    Policy("silent", "decided as planned and never handed off: an A/A check, its true effect is 0", None, sends=False),
)


def policies_named(names: str) -> tuple[Policy, ...]:
    """Give the policies of a list with commas, each once; raise `UnknownPolicy` for any other word or an empty list."""
    known = {policy.id: policy for policy in POLICIES}
    wanted = dict.fromkeys(name.strip() for name in names.split(","))
    for name in wanted:
        if name not in known:
            raise UnknownPolicy(name=name or "nothing", known=", ".join(known))
    return tuple(known[name] for name in wanted)
