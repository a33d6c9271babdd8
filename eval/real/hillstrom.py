"""Hillstrom's randomised e-mail experiment of 2008: the published lifts, and two policies valued on held-out people."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from eval.experiment import measure, read
from eval.experiment.reading import Asked
from memory.domain.experiment import Interval
from tools.offpolicy import Log, evaluate
from tools.offpolicy.estimators import DR, doubly_robust_scores, of_scores
from tools.offpolicy.log import Floats
from tools.offpolicy.outcome_model import expected_rewards

from .figure import Figure, near, of_estimate

SOURCE = "Kevin Hillstrom, MineThatData challenge of 2008; no licence stated: evaluation only"
FILES = ("hillstrom.parquet",)
ARMS = ("No E-Mail", "Mens E-Mail", "Womens E-Mail")
SEED = 20251202

RATES = {
    "No E-Mail": (21_306, 10.617, 0.573, 0.6528),
    "Mens E-Mail": (21_307, 18.276, 1.253, 1.4226),
    "Womens E-Mail": (21_387, 15.140, 0.884, 1.0772),
}
"""Published per arm: people, visit and conversion in percent, spend."""
LIFTS = {
    ("Mens E-Mail", "visit"): (7.659, 6.995, 8.323),
    ("Mens E-Mail", "conversion"): (0.681, 0.500, 0.861),
    ("Mens E-Mail", "spend"): (0.770, 0.485, 1.055),
    ("Womens E-Mail", "visit"): (4.523, 3.889, 5.157),
    ("Womens E-Mail", "conversion"): (0.311, 0.150, 0.472),
    ("Womens E-Mail", "spend"): (0.424, 0.169, 0.680),
}
"""Published lift against no mail with its 95 % interval: percentage points, spend in dollars."""
ROUNDED = 0.0006
SCORE_NOT_WALD = 0.004
"""Published intervals of shares are Wald's; ours are score intervals, which differ by so many points here."""


def figures(folder: Path) -> tuple[Figure, ...]:
    """Give the lifts beside the published ones, then the policies."""
    asked = Asked("segment", ("visit", "conversion", "spend"))
    report = measure(read(folder / FILES[0], asked), asked, ARMS[0], control_rate=0.5)
    found: list[Figure] = []
    for arm in report.arms:
        found.append(near(f"{arm.arm}, people", float(arm.n_treated), RATES[arm.arm][0], 0))
        for place, outcome in enumerate(arm.outcomes, 1):
            factor = 100.0 if outcome.is_share else 1.0
            rates = ((arm.arm, outcome.treated), (ARMS[0], outcome.control))
            for name, rate in rates if arm is report.arms[0] else rates[:1]:
                assert isinstance(rate, Interval)
                found.append(near(f"{name}, {outcome.outcome}", factor * rate.estimate, RATES[name][place], ROUNDED))
            found += _lift(arm.arm, outcome.outcome, outcome.difference)
    return (*found, *policies(pq.read_table(folder / FILES[0])))


def _lift(arm: str, outcome: str, gap: object) -> list[Figure]:
    assert isinstance(gap, Interval)
    ends = zip(("lift", "low end", "high end"), (gap.estimate, gap.low, gap.high), LIFTS[arm, outcome], strict=True)
    return [
        near(f"{arm}, {outcome}, {what}", value, published, ROUNDED if what == "lift" else SCORE_NOT_WALD)
        for what, value, published in ends
    ]


def policies(rows: pa.Table) -> tuple[Figure, ...]:
    """Choose the best arm and a targeted policy on half of the people and value both on the other half, by spend."""
    order = np.random.default_rng(SEED).permutation(rows.num_rows)
    log = _log(rows.take(pa.array(order)), "spend")
    half = log.n // 2
    learn, held = _part(log, slice(0, half)), _part(log, slice(half, None))
    means = [float(learn.reward[learn.action == arm].mean()) for arm in range(len(ARMS))]
    best = np.eye(len(ARMS))[np.full(held.n, int(np.argmax(means)))]
    told = expected_rewards(learn, held.context, len(ARMS))
    targeted = np.eye(len(ARMS))[told.argmax(axis=1)]
    figure = evaluate(held, best)
    plain = held.reward[held.action == int(np.argmax(means))]
    gap = of_scores(doubly_robust_scores(held, targeted) - doubly_robust_scores(held, best), DR)
    share = "; ".join(f"{name} {part:.0%}" for name, part in zip(ARMS, targeted.mean(axis=0), strict=True))
    assert isinstance(figure.value, Interval)
    return (
        of_estimate(f"held out: everybody gets {ARMS[int(np.argmax(means))]}, spend", figure.value),
        near(
            "held out: the same less the plain mean of that arm", figure.value.estimate - float(plain.mean()), 0.0,
            (figure.value.high - figure.value.low) / 2,
        ),
        of_estimate("held out: targeted, spend", evaluate(held, targeted).value, note=share),
        of_estimate("held out: targeted less best arm", gap, note="chosen on one half, valued on the other"),
    )  # fmt: skip


def _log(rows: pa.Table, outcome: str) -> Log:
    action = pc.index_in(rows["segment"].cast(pa.string()), pa.array(ARMS)).to_numpy().astype(np.int64)
    third = np.full((rows.num_rows, len(ARMS)), 1 / len(ARMS))
    reward = rows[outcome].to_numpy().astype(np.float64)
    return Log(_context(rows), action, reward, third[:, 0], third)


def _context(rows: pa.Table) -> Floats:
    numbers: list[Any] = [
        rows[name].to_numpy().astype(np.float64) for name in ("recency", "history", "mens", "womens", "newbie")
    ]
    numbers[1] = np.log1p(numbers[1])
    for name in ("zip_code", "channel"):
        values = sorted(pc.unique(rows[name]).to_pylist())[1:]
        numbers += [pc.equal(rows[name], value).to_numpy().astype(np.float64) for value in values]
    context: Floats = np.column_stack(numbers)
    return context


def _part(log: Log, rows: slice) -> Log:
    assert log.logging is not None
    return Log(log.context[rows], log.action[rows], log.reward[rows], log.propensity[rows], log.logging[rows])
