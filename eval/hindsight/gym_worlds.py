"""`python -m eval.hindsight.gym_worlds`: how often hindsight's interval holds what a policy truly does in the gym.

Each world is a synthetic shop of its own. A log is made in it (a control group, dated steps by two channels, a share
left to chance), and then every policy is lived through by the same people on the same days: that is its truth.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from eval.gym.behaviour import NEVER
from eval.gym.effects import SENT_ROWS
from eval.gym.events import DAY
from eval.gym.responses import Responses, Start
from eval.gym.shop import build_shop, start_of
from memory.domain.experiment import Interval
from tools.allocation import Options, choose
from tools.experiments.intervals import wilson
from tools.offpolicy import Trail, agreement, effective_n, too_few_effective
from tools.offpolicy.estimators import of_scores, weighted_scores
from tools.offpolicy.log import Floats, Ints

from .answers import METHOD
from .policies import POLICIES, nothing

SEED = 20251202
N_DAYS = 30
STEPS = ((0, "newest_goods"), (6, "cross_sell"), (13, "category_series"), (20, "early_access"))
"""Day and kind."""
CHANNELS = ("email", "push")
CONTROL_RATE = 0.3
BLOCKED_RATE = 0.15
"""Share of options that guardrails hold back, whatever the policy."""


@dataclass(frozen=True)
class GymLog:
    """A log of one world with what is known of its people."""

    start: Start
    people: Ints
    """(n,): positions of the plan's people."""
    context: Floats
    """(n, d): what was known before."""
    treated: Ints
    """(n,): 1 for treated."""
    trail: Trail
    """Decisions about all of them; those of the control group are not read."""
    repeat: Floats
    """(n,): whether they ordered."""


def make_log(seed: int, n_customers: int, exploration_rate: float) -> GymLog:
    """Make a shop, decide for its recent buyers with some chance, and let them live through 30 days."""
    with tempfile.TemporaryDirectory(prefix="second-order-gym-") as folder:
        start = start_of(build_shop(Path(folder), n_customers=n_customers, seed=seed))
    rng = np.random.default_rng([SEED, seed])
    people = np.flatnonzero(start.last_day > start.day - 60)
    n, width = len(people), len(CHANNELS)
    n_decisions = n * len(STEPS)
    options = Options(
        starts=np.arange(n_decisions) * width,
        allowed=rng.random(n_decisions * width) >= BLOCKED_RATE,
        net_millis=rng.integers(-300, 1000, n_decisions * width),
        cost_millis=np.tile(np.array([40, 10]), n_decisions),
        cap_group=np.arange(n_decisions),
        free_slots=np.ones(n_decisions, dtype=np.int64),
        offer=np.zeros(n_decisions * width, dtype=np.int64),
        free_grants=np.full(n_decisions * width, 10**6),
    )
    choice = choose(options, 10**12, exploration_rate, rng.random(n_decisions), rng.random(n_decisions))
    treated = (rng.random(n) >= CONTROL_RATE).astype(np.int64)
    trail = Trail(
        n_people=n,
        person=np.repeat(np.arange(n), len(STEPS)),
        starts=options.starts,
        taken=choice.option,
        propensity=choice.propensity,
        is_forced=np.zeros(n_decisions, dtype=np.bool_),
        available=options.allowed,
        logged=choice.option_propensity,
        net=options.net_millis,
        cost=options.cost_millis,
    )
    chosen = np.where(np.repeat(treated, len(STEPS)) > 0, choice.option, -1)
    context = np.column_stack([start.day - start.last_day[people], start.depth[people], start.parcel[people]])
    return GymLog(start, people, context.astype(np.float64), treated, trail, live(start, people, chosen))


def live(start: Start, people: Ints, chosen: Ints) -> Floats:
    """Give who of the people orders within 30 days where these options are sent; -1 sends nothing."""
    responses = Responses(start)
    by_step = chosen.reshape(len(people), len(STEPS))
    first = np.full(len(people), NEVER)
    for day in range(N_DAYS):
        due = [place for place, (when, _) in enumerate(STEPS) if when == day]
        sent = _messages(people, by_step[:, due[0]], start.day + day, STEPS[due[0]][1]) if due else None
        outcome = responses.step() if sent is None else responses.step(sent)
        bought = np.isin(people, outcome.orders.person)
        first[bought & (first == NEVER)] = day
    repeat: Floats = (first != NEVER).astype(np.float64)
    return repeat


def _messages(people: Ints, chosen: Ints, day: int, kind: str) -> pa.Table:
    who = np.flatnonzero(chosen >= 0)
    channel = pa.array(CHANNELS).take(pa.array(chosen[who] % len(CHANNELS)))
    n = len(who)
    return pa.table(
        [people[who], np.full(n, day * DAY + 36_000), pa.repeat(kind, n), channel, pa.repeat("first_time", n),
         pa.repeat("", n), pa.array(people[who]).cast(pa.string())],
        schema=SENT_ROWS,
    )  # fmt: skip


def estimates(log: GymLog) -> dict[str, Interval | None]:
    """Give hindsight's repeat rate per policy, in the order of `POLICIES`; null where it refuses."""
    found: dict[str, Interval | None] = {}
    for policy in POLICIES:
        weights = log.treated / (1 - CONTROL_RATE)
        refused = None
        if policy.id == "do-nothing":
            weights = (1 - log.treated) / CONTROL_RATE
        elif policy.wanted is not None:
            agrees = agreement(log.trail, policy.wanted(log.trail))
            weights, refused = weights * agrees.weights, agrees.refusal()
        refused = refused or too_few_effective(effective_n(weights))
        scores = weighted_scores(log.context, log.repeat, weights)
        found[policy.id] = None if refused else of_scores(scores, METHOD)
    return found


def truths(log: GymLog) -> dict[str, float]:
    """Give the true repeat rate per policy: everybody is decided for by it and lives through the same days."""
    choices: dict[str, Callable[[Trail], Ints]] = {
        policy.id: policy.wanted for policy in POLICIES if policy.wanted is not None
    }
    found = {name: float(live(log.start, log.people, wanted(log.trail)).mean()) for name, wanted in choices.items()}
    found["do-nothing"] = float(live(log.start, log.people, nothing(log.trail)).mean())
    found["as-decided"] = float(live(log.start, log.people, log.trail.taken).mean())
    return found


def _words(found: Sequence[tuple[Interval | None, float]]) -> str:
    """Say how often the intervals hold their own world's truth and the mean of all worlds, and how far off they are."""
    mean = float(np.mean([truth for _, truth in found]))
    rows = [(one, truth) for one, truth in found if one is not None]
    refused = f"refused {len(found) - len(rows)} of {len(found)}"
    if not rows:
        return f"truth {mean:.2%}, {refused}"
    own = wilson(sum(one.low <= truth <= one.high for one, truth in rows), len(rows))
    all_ = wilson(sum(one.low <= mean <= one.high for one, _ in rows), len(rows))
    bias = float(np.mean([one.estimate - truth for one, truth in rows]))
    width = float(np.mean([one.high - one.low for one, _ in rows]))
    return (
        f"truth {mean:.2%}; intervals hold their own world's in {own.estimate:.1%} [{own.low:.1%}, {own.high:.1%}], "
        f"the mean of all worlds in {all_.estimate:.1%} [{all_.low:.1%}, {all_.high:.1%}]; "
        f"bias {100 * bias:+.2f} pp, width {100 * width:.1f} pp, {refused}"
    )


def main(words: list[str]) -> int:
    """Print per policy how often the interval holds the truth, and how often it was refused."""
    parser = argparse.ArgumentParser(prog="eval.hindsight.gym_worlds", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--customers", type=int, default=6_000)
    parser.add_argument("--exploration", type=float, default=0.3)
    asked, began = parser.parse_args(words), time.process_time()
    told, true = [], []
    for number in range(asked.worlds):
        log = make_log(number, asked.customers, asked.exploration)
        told.append(estimates(log))
        true.append(truths(log))
    for policy in POLICIES:
        found = [(each[policy.id], own[policy.id]) for each, own in zip(told, true, strict=True)]
        sys.stdout.write(f"{policy.id}: {_words(found)}\n")
    sys.stdout.write(f"{asked.worlds} worlds, {time.process_time() - began:.0f} CPU s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
