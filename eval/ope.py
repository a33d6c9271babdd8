"""`python -m eval.ope`: how often the doubly robust interval holds the true value of a policy, and what is refused.

Every policy gets a log of its own, so the share of intervals that hold the truth is binomial. Seeds are fixed here.
"""

import argparse
import sys
import time
from typing import NamedTuple

import numpy as np

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.intervals import wilson
from tools.offpolicy import Log, evaluate
from tools.offpolicy.log import Floats

SEED = 20251202
N_POLICIES = 500
SIZES = (10_000, 50_000)
N_ACTIONS = 13
"""Doing nothing and twelve messages."""
NONE_RATE = 0.3
N_FEATURES = 20
N_TRUTH = 200_000
"""People over whom a policy's true value is worked out; its own error is below 2 % of the shortest interval."""
GOAL = (0.93, 0.97)


class World(NamedTuple):
    """The invented law: who buys after which action, and what it brings."""

    base: Floats
    """(d,): how the features move the chance of an order."""
    effects: Floats
    """(A, d + 1): what each action adds to the log-odds; the first row is 0."""
    cost: Floats
    """(A,): what each action costs."""

    def margin(self, context: Floats) -> Floats:
        """Give (n, A): the expected margin less cost, per person and action."""
        odds = (-2.0 + context @ self.base)[:, None] + context @ self.effects[:, 1:].T + self.effects[:, 0]
        bought: Floats = MEAN_MARGIN / (1.0 + np.exp(-odds)) - self.cost
        return bought


MEAN_MARGIN = 12.0
SIGMA = 0.8
"""Of the logarithm of an order's margin: a heavy tail."""


class Coverage(Frozen):
    """What came out for one size of log."""

    n_rows: Count
    """Rows per log."""
    n_policies: Count
    """Policies, each with a log of its own."""
    covered: Interval
    """Share of intervals that hold the truth, with its Wilson interval."""
    mean_effective_n: float
    """Mean effective rows."""
    bias: float
    """Mean of estimate less truth."""
    rmse: float
    """Root of the mean squared error."""
    mean_width: float
    """Mean width of the intervals."""
    n_refused: Count
    """Policies that were refused; they count neither way."""


class Refusals(Frozen):
    """Constructed cases that must be refused."""

    n_cases: Count
    """How many."""
    n_refused: Count
    """How many were."""
    by_code: dict[str, Count]
    """Per reason."""


def world() -> World:
    """Give the one world of the bench."""
    rng = np.random.default_rng([SEED, 1])
    effects = rng.normal(0, 0.12, (N_ACTIONS, N_FEATURES + 1))
    effects[:, 0] = rng.normal(0.15, 0.1, N_ACTIONS)
    effects[0] = 0.0
    cost = np.append(0.0, rng.uniform(0.0, 0.4, N_ACTIONS - 1))
    return World(rng.normal(0, 0.25, N_FEATURES), effects, cost)


def coverage(n_rows: int, n_policies: int = N_POLICIES) -> Coverage | NotEstimable:
    """Value `n_policies` random policies on a log each and hold the intervals against the truth.

    Where every policy is refused there is no share of intervals: `NotEstimable`.
    """
    law = world()
    people = np.random.default_rng([SEED, 2]).standard_normal((N_TRUTH, N_FEATURES))
    margins, rows, refused = law.margin(people), [], 0
    for number in range(n_policies):
        policy = _policy(number)
        truth = float((margins * policy(people)).sum(axis=1).mean())
        log = logged(law, n_rows, number)
        found = evaluate(log, policy(log.context))
        if isinstance(found.value, NotEstimable):
            refused += 1
            continue
        held, width = found.value.low <= truth <= found.value.high, found.value.high - found.value.low
        rows.append((found.value.estimate - truth, held, width, found.effective_n))
    if not rows:
        return NotEstimable(code="no_support", message=f"all {refused} policies were refused; give logs of more rows.")
    errors, holds, widths, effective = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    return Coverage(
        n_rows=n_rows,
        n_policies=n_policies,
        covered=wilson(int(holds.sum()), len(holds)),
        mean_effective_n=float(effective.mean()),
        bias=float(errors.mean()),
        rmse=float(np.sqrt((errors**2).mean())),
        mean_width=float(widths.mean()),
        n_refused=refused,
    )


def logged(law: World, n_rows: int, number: int) -> Log:
    """Give a log: doing nothing in 30 of 100 cases, else one of twelve messages evenly."""
    rng = np.random.default_rng([SEED, 3, n_rows, number])
    context = rng.standard_normal((n_rows, N_FEATURES))
    chances = np.full(N_ACTIONS, (1 - NONE_RATE) / (N_ACTIONS - 1))
    chances[0] = NONE_RATE
    action = rng.choice(N_ACTIONS, n_rows, p=chances)
    expected = law.margin(context)[np.arange(n_rows), action] + law.cost[action]
    bought = rng.random(n_rows) < expected / MEAN_MARGIN
    worth = rng.lognormal(np.log(MEAN_MARGIN) - SIGMA**2 / 2, SIGMA, n_rows)
    logging = np.broadcast_to(chances, (n_rows, N_ACTIONS))
    return Log(context, action, np.where(bought, worth, 0.0) - law.cost[action], chances[action], logging)


class _policy:
    """A random policy: the best of linear scores, or softer, by its number."""

    def __init__(self, number: int) -> None:
        rng = np.random.default_rng([SEED, 4, number])
        self._scores = rng.normal(0, 1.0, (N_FEATURES + 1, N_ACTIONS))
        self._heat = rng.choice([0.0, 0.5, 2.0])

    def __call__(self, context: Floats) -> Floats:
        """Give (n, A) chances."""
        scores = context @ self._scores[1:] + self._scores[0]
        if self._heat == 0.0:
            best: Floats = np.eye(N_ACTIONS)[scores.argmax(axis=1)]
            return best
        raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / self._heat)
        soft: Floats = raised / raised.sum(axis=1, keepdims=True)
        return soft


def refusals(n_cases: int = 100) -> Refusals:
    """Take support away in three ways by turns and count what is refused."""
    law, codes = world(), []
    for number in range(n_cases):
        log = logged(law, 10_000, number)
        found = evaluate(*_unsupported(log, number))
        codes.append(found.value.code if isinstance(found.value, NotEstimable) else "")
    refused = [code for code in codes if code]
    return Refusals(
        n_cases=n_cases, n_refused=len(refused), by_code={code: refused.count(code) for code in sorted(set(refused))}
    )


def _unsupported(log: Log, number: int) -> tuple[Log, Floats]:
    """Take an action out of the log; forbid it to one kind of person; or keep too few rows to say anything."""
    needed = 1 + number % (N_ACTIONS - 1)
    always = np.eye(N_ACTIONS)[np.full(log.n, needed)]
    if number % 3 == 0:
        kept = log.action != needed
        return _rows(log, kept, logging=False), always[kept]
    assert log.logging is not None
    if number % 3 == 1:
        barred = log.context[:, 0] > 1.0
        logging = np.where(barred[:, None] & (np.arange(N_ACTIONS) == needed), 0.0, log.logging)
        kept = ~(barred & (log.action == needed))
        cut = Log(log.context, log.action, log.reward, log.propensity, logging)
        return _rows(cut, kept), always[kept]
    few = np.arange(log.n) < 1_500
    return _rows(log, few), always[few]


def _rows(log: Log, kept: np.typing.NDArray[np.bool_], *, logging: bool = True) -> Log:
    known = log.logging[kept] if logging and log.logging is not None else None
    return Log(log.context[kept], log.action[kept], log.reward[kept], log.propensity[kept], known)


def main(words: list[str]) -> int:
    """Print coverage per size and the refusals; give 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="eval.ope", description=__doc__)
    parser.add_argument("--policies", type=int, default=N_POLICIES)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    asked, good = parser.parse_args(words), True
    for n_rows in asked.rows:
        began = time.process_time()
        found = coverage(n_rows, asked.policies)
        if isinstance(found, NotEstimable):
            good = False
            sys.stdout.write(f"{n_rows:,} rows: {found.message}\n")
            continue
        held = found.covered
        good &= GOAL[0] <= held.estimate <= GOAL[1]
        sys.stdout.write(
            f"{n_rows:,} rows, {found.n_policies} policies: 95 % intervals hold the truth in {held.estimate:.1%} "
            f"[{held.low:.1%}, {held.high:.1%}]; effective {found.mean_effective_n:,.0f}, bias {found.bias:+.4f}, "
            f"RMSE {found.rmse:.3f}, width {found.mean_width:.3f}, refused {found.n_refused}; "
            f"{time.process_time() - began:.0f} CPU s\n"
        )
        sys.stdout.flush()
    refused = refusals()
    good &= refused.n_refused == refused.n_cases
    sys.stdout.write(f"without support: {refused.n_refused} of {refused.n_cases} refused {refused.by_code}\n")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
