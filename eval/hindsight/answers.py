"""The answer per policy: repeat rate and margin less cost, beside doing nothing and beside what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.experiment import Estimate
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from tools.experiments.intervals import scaled
from tools.experiments.lift import MIN_BUYERS
from tools.offpolicy import Agreement, Trail, agreement, effective_n, too_few_effective
from tools.offpolicy.estimators import of_scores, weighted_scores
from tools.offpolicy.log import Floats, Ints

from .policies import AS_DECIDED, DO_NOTHING, HindsightPolicy, nothing
from .reading import Logged

METHOD = "sequential doubly robust over people, 2-fold cross-fitted ridge (Jiang and Li 2016), normal interval"
MIN_RETURNED = 10
"""People who agree and came back that a repeat rate needs: below it a normal interval covers too little."""
MAX_CUT_RATE = 0.05
"""Above this share of decisions cut by money or grants nothing is said: what they would have been is not logged."""


class PolicyAnswer(Frozen):
    """What one policy would have done over the whole plan, per person of it."""

    policy: str
    """Which."""
    title: str
    """What it does."""
    n_agreeing: Count
    """People who were decided for exactly as the policy would have."""
    effective_n: float
    """How many people that is worth; below 200 there is no verdict."""
    repeat_rate: Estimate
    """Share with a further order in the window."""
    repeat_over_nothing_pp: Estimate
    """The same less that of doing nothing, in percentage points."""
    repeat_over_decided_pp: Estimate
    """The same less that of what was decided, in percentage points."""
    net_minor: Estimate
    """Margin less expected cost of messages and incentives per person, in minor units."""
    net_over_nothing_minor: Estimate
    """The same less that of doing nothing."""
    net_over_decided_minor: Estimate
    """The same less that of what was decided."""


class HindsightReport(Frozen):
    """The policies beside each other on one plan's log."""

    plan_id: str
    """The plan."""
    currency: Currency
    """Of all sums."""
    n_people: Count
    """People frozen at go-live, both arms."""
    n_control: Count
    """Of them withheld."""
    n_decisions: Count
    """Decisions about treated people."""
    n_cut: Count
    """Of them cut by money or by an offer's grants; every policy counts as cut there."""
    explored_rate: Rate
    """Share of decisions that chance took."""
    as_of: Instant
    """The instant the facts are read at."""
    is_final: bool
    """Whether the outcome window has ended."""
    question: str
    """What is asked beside the policies: other guardrails, another plan; empty for neither."""
    answers: tuple[PolicyAnswer, ...]
    """In the order asked for."""


@dataclass(frozen=True)
class _People:
    """The plan's people as arrays."""

    context: Floats
    treated: Ints
    repeat: Floats
    margin: Floats
    has_margin: bool
    control_rate: float


def answer(
    log: Logged, control_rate: float, policies: Sequence[HindsightPolicy], refused: NotEstimable | None = None
) -> tuple[PolicyAnswer, ...]:
    """Answer for each policy; `control_rate` is the chance of being withheld, `refused` why none can be answered."""
    people = _people(log, control_rate)
    refused = refused or _cut(log)
    trail = log.trail
    idle = _of_nothing(people, log)
    decided = _scores(people, log, _treated(people, np.ones(trail.n_people)), _spent(trail, trail.taken))
    found = []
    for policy in policies:
        scores: _Scores | NotEstimable
        if policy.id == DO_NOTHING:
            scores = idle
        elif policy.id == AS_DECIDED:
            scores = decided
        else:
            assert policy.wanted is not None
            scores = refused or _of_policy(people, log, policy.wanted(trail))
        found.append(_answer(policy, scores, idle, decided))
    return tuple(found)


@dataclass(frozen=True)
class _Scores:
    weights: Floats
    refused: NotEstimable | None
    repeat: Floats
    net: Floats | NotEstimable


def _people(log: Logged, control_rate: float) -> _People:
    rows = log.people
    return _People(
        context=log.context,
        treated=pc.equal(rows["arm"], "treated").to_numpy(zero_copy_only=False).astype(np.int64),
        repeat=(rows["orders"].to_numpy() > 0).astype(np.float64),
        margin=rows["margin"].to_numpy().astype(np.float64),
        has_margin=not rows["n_without_cost"].to_numpy().sum(),
        control_rate=control_rate,
    )


def _cut(log: Logged) -> NotEstimable | None:
    share = log.n_cut / max(log.decisions.num_rows, 1)
    if share <= MAX_CUT_RATE:
        return None
    message = f"Money or grants cut {share:.0%} of decisions; what would have been chosen there was not logged."
    return NotEstimable(code="no_support", message=message)


def _of_nothing(people: _People, log: Logged) -> _Scores:
    """Read the control group; without one, treated people who got nothing, where the log could have left them so."""
    spent = np.zeros(log.trail.n_people)
    if people.control_rate > 0:
        return _scores(people, log, (1 - people.treated) / people.control_rate, spent)
    agrees = agreement(log.trail, nothing(log.trail))
    return _carrying(agrees.refusal(), _scores(people, log, agrees.weights, spent))


def _treated(people: _People, weights: Floats) -> Floats:
    of: Floats = people.treated * weights / (1 - people.control_rate)
    return of


def _spent(trail: Trail, chosen: Ints) -> Floats:
    """Give per person what the messages taken are expected to cost, in minor units; a message leaves once."""
    counts = (chosen >= 0) & ~trail.is_forced
    cost = np.where(counts, trail.cost[np.maximum(chosen, 0)], 0) if len(chosen) else np.zeros(0)
    spent: Floats = np.bincount(trail.person, cost, trail.n_people) / 1000
    return spent


def _of_policy(people: _People, log: Logged, wanted: Ints) -> _Scores:
    agrees: Agreement = agreement(log.trail, wanted)
    scores = _scores(people, log, _treated(people, agrees.weights), _spent(log.trail, log.trail.taken))
    return _carrying(agrees.refusal(), scores)


def _carrying(refused: NotEstimable | None, scores: _Scores) -> _Scores:
    return scores if refused is None else replace(scores, refused=refused)


def _scores(people: _People, log: Logged, weights: Floats, spent: Floats) -> _Scores:
    refused, n = too_few_effective(effective_n(weights)), int(people.repeat[weights > 0].sum())
    if refused is None and n < MIN_RETURNED:
        message = f"{n} people who agree came back; a repeat rate is read from {MIN_RETURNED} on."
        refused = NotEstimable(code="too_few_buyers", message=message)
    repeat = weighted_scores(people.context, people.repeat, weights)
    net: Floats | NotEstimable
    if not people.has_margin:
        net = NotEstimable(
            code="missing_data", message="Costs of goods are unknown; import them with `secondorder import costs`."
        )
    elif n < MIN_BUYERS:
        net = NotEstimable(code="too_few_buyers", message=f"{n} buyers agree; money is read from {MIN_BUYERS} on.")
    else:
        net = weighted_scores(people.context, people.margin - spent, weights)
    return _Scores(weights, refused, repeat, net)


def _answer(policy: HindsightPolicy, scores: _Scores | NotEstimable, idle: _Scores, decided: _Scores) -> PolicyAnswer:
    named = {"policy": policy.id, "title": policy.title}
    names = ("repeat_rate", "repeat_over_nothing_pp", "repeat_over_decided_pp", "net_minor", "net_over_nothing_minor",
             "net_over_decided_minor")  # fmt: skip
    if isinstance(scores, NotEstimable):
        return PolicyAnswer(**named, n_agreeing=0, effective_n=0.0, **dict.fromkeys(names, scores))
    figures = {
        "n_agreeing": int((scores.weights > 0).sum()),
        "effective_n": round(effective_n(scores.weights), 1),
    }
    if scores.refused is not None:
        return PolicyAnswer(**named, **figures, **dict.fromkeys(names, scores.refused))
    return PolicyAnswer(
        **named,
        **figures,
        repeat_rate=_value(scores.repeat),
        repeat_over_nothing_pp=_gap(scores.repeat, idle.repeat, idle.refused, 100),
        repeat_over_decided_pp=_gap(scores.repeat, decided.repeat, decided.refused, 100),
        net_minor=_value(scores.net),
        net_over_nothing_minor=_gap(scores.net, idle.net, idle.refused, 1),
        net_over_decided_minor=_gap(scores.net, decided.net, decided.refused, 1),
    )


def _value(scores: Floats | NotEstimable) -> Estimate:
    return scores if isinstance(scores, NotEstimable) else of_scores(scores, METHOD)


def _gap(
    scores: Floats | NotEstimable, other: Floats | NotEstimable, refused: NotEstimable | None, factor: float
) -> Estimate:
    if isinstance(scores, NotEstimable):
        return scores
    if refused is not None:
        return refused
    if isinstance(other, NotEstimable):
        return other
    gaps = scores - other
    if gaps.var() <= 0:
        return NotEstimable(code="no_variance", message="The two are the same policy: there is no difference.")
    return scaled(of_scores(gaps, METHOD), factor)
