"""Fatigue: the share of sends that lose the person, by how much people had heard and whether they are at risk.

Learned from dose and chance: of messages sent, how many are followed by leaving (unsubscribe, complaint, consent taken
back), less the same of messages that chance withheld. A cell's share is drawn towards what is assumed as if
`PRIOR_MESSAGES` messages had shown that (beta-binomial mean), and never falls with the load. A send pays for what it
loses beyond the ordinary: assumed and measured effects on orders are net of ordinary leaving (S2-64, S2-65, S2-68).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memory.domain.errors import InvalidInput
from memory.domain.fatigue import Fatigue, FatigueCell
from tools.offpolicy.log import Floats, Ints
from tools.offpolicy.support import MIN_EFFECTIVE, effective_n
from tools.risk.leaving import PRIOR_MESSAGES, PRIOR_RATE

LOADS = (0, 3, 6, 10)
"""Where bands of load begin: messages a plan sent the person before this one."""
LOAD_FACTORS = (1.0, 1.0, 1.25, 1.5)
"""How leaving is taken to grow with the load, over the ordinary rate: not up to what a plan sends in some weeks, as the
assumed effects are of messages in such a plan; judgement."""
RISK_FACTOR = 1.5
"""The same for people in a medium or high band of risk; judgement."""
ASSUMED_LABEL = "assumption:fatigue-v1"
WINDOW_DAYS = 14
"""Leaving within so many days of a decision is laid to it."""
LEVEL = 0.95

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DoseLog:
    """Decisions that could have sent, one row each."""

    load: Ints
    """(n,): messages the plan had sent the person before."""
    is_at_risk: Flags
    """(n,): whether a band of risk lowered the person's caps."""
    is_sent: Flags
    """(n,): whether something was sent."""
    has_left: Flags
    """(n,): whether the person left within `WINDOW_DAYS`."""
    propensity: Floats
    """(n,): the chance of what was done."""

    def check(self) -> None:
        """Raise `InvalidInput` where columns differ in length or a propensity cannot be."""
        n = len(self.load)
        if any(len(one) != n for one in (self.is_at_risk, self.is_sent, self.has_left, self.propensity)):
            raise InvalidInput(
                what="The dose log", why="its columns differ in length", remedy="Give one row per choice"
            )
        if not np.all((self.propensity > 0) & (self.propensity <= 1 + 1e-9)):
            raise InvalidInput(
                what="The dose log", why="a propensity is not in (0, 1]", remedy="Log the chance of what was done"
            )


def assumed_fatigue() -> Fatigue:
    """Give what is assumed while nothing was measured."""
    cells = [_cell(band, is_at_risk, 0, 0.0, 0.0) for is_at_risk in (False, True) for band in range(len(LOADS))]
    return Fatigue(label=ASSUMED_LABEL, ordinary_rate=PRIOR_RATE, cells=tuple(cells))


def learn_fatigue(log: DoseLog, label: str) -> Fatigue:
    """Give the share of sends that lose the person, per band of load and risk; without rows what is assumed."""
    log.check()
    if not log.is_sent.any():
        return assumed_fatigue()
    band = np.searchsorted(np.array(LOADS), log.load, side="right") - 1
    cells = []
    for is_at_risk in (False, True):
        kin = log.is_at_risk == is_at_risk
        background = _background(log, kin & ~log.is_sent)
        own = [kin & log.is_sent & (band == place) for place in range(len(LOADS))]
        found = [
            _cell(place, is_at_risk, int(rows.sum()), float(log.has_left[rows].sum()), background)
            for place, rows in enumerate(own)
        ]
        cells += _rising(found)
    return Fatigue(label=label, ordinary_rate=PRIOR_RATE, cells=tuple(cells))


def assumed_rate(band: int, is_at_risk: bool) -> float:
    """Give the assumed share of sends that lose the person."""
    return PRIOR_RATE * LOAD_FACTORS[band] * (RISK_FACTOR if is_at_risk else 1.0)


def _background(log: DoseLog, kept: Flags) -> float:
    """Give the share that leaves without a message; 0 where chance withheld too few to say."""
    weight = 1.0 / log.propensity[kept]
    if effective_n(weight) < MIN_EFFECTIVE:
        return 0.0
    return float((weight * log.has_left[kept]).sum() / weight.sum())


def _cell(band: int, is_at_risk: bool, n_sent: int, n_left: float, background: float) -> FatigueCell:
    """Give one cell: a beta prior at the assumed rate, the messages that were sent, their interval (Jeffreys' way)."""
    from scipy.special import betaincinv

    caused = max(n_left - background * n_sent, 0.0)
    yes = caused + assumed_rate(band, is_at_risk) * PRIOR_MESSAGES
    no = n_sent + PRIOR_MESSAGES - yes
    low, high = (float(betaincinv(yes, no, q)) for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return FatigueCell(
        load_from=LOADS[band], is_at_risk=is_at_risk, n_sent=n_sent, rate=yes / (yes + no), low=low, high=high
    )


def _rising(cells: list[FatigueCell]) -> list[FatigueCell]:
    """Pool neighbours until the rate never falls with the load (pool adjacent violators), weighted by messages."""
    pools: list[list[FatigueCell]] = []
    for cell in cells:
        pools.append([cell])
        while len(pools) > 1 and _pooled(pools[-2], "rate") > _pooled(pools[-1], "rate"):
            pools[-2:] = [pools[-2] + pools[-1]]
    return [
        cell.model_copy(update={name: _pooled(pool, name) for name in ("rate", "low", "high")})
        for pool in pools
        for cell in pool
    ]


def _pooled(pool: list[FatigueCell], name: str) -> float:
    weights = [cell.n_sent + PRIOR_MESSAGES for cell in pool]
    values = [float(getattr(cell, name)) for cell in pool]
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)
