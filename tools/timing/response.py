"""What a channel or a later hour brings more, per cohort: contrasts that chance made, drawn together and towards 0.

- each contrast: weighted means by inverse propensity (Hajek 1971, in Foundations of Statistical Inference), over
  messages that could have gone either way; the error is of people, not messages, whose orders hang together;
- drawn together: normal effects with an unknown spread, integrated out, as `tools.experiments.cohort_effects` does
  (Gelman et al. 2013, Bayesian Data Analysis, section 5.4; the spread's prior is DuMouchel's), but the common mean is
  itself drawn towards no difference, and cohorts are thought to lie no further apart than hours do. That is an
  assumption, labelled `PRIOR_LABEL`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from memory.domain.response import Response
from tools.experiments.intervals import normal_interval, normal_quantile
from tools.offpolicy.support import MIN_EFFECTIVE, effective_n

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PRIOR_SD = 0.005
"""Orders per message by which hours or channels may well differ: half a point; a message adds one or two points."""
PRIOR_LABEL = "assumption:response-prior-v1"
MIN_ORDERS = 10
"""Orders on each side below which nothing is said."""
HAJEK = "inverse propensity, Hajek ratio, errors over people"
SHRUNK = f"hierarchical normal over cohorts, mean drawn towards 0 by {PRIOR_LABEL}"
N_SPREADS = 200
Z = normal_quantile(0.95)


class Drawn(NamedTuple):
    """Effects drawn together."""

    effects: Floats
    """Posterior means."""
    errors: Floats
    """Posterior standard deviations."""


def responses(rows: pa.Table) -> tuple[Response, ...]:
    """Give every contrast of `response_rows`: channels against each step's first, later hours against the planned."""
    return (*_shrunk(_channels(rows)), *_shrunk(_hours(rows)))


def best_hours(found: Iterable[Response]) -> dict[str, int]:
    """Give the best later hour per `cohort:channel` where it is surely better than the planned one."""
    best: dict[str, tuple[float, int]] = {}
    for one in found:
        if one.hour_no and one.is_sure and isinstance(one.shrunk, Interval) and one.shrunk.estimate > 0:
            key = f"{one.cohort}:{one.channel}"
            best[key] = max(best.get(key, (0.0, 0)), (one.shrunk.estimate, one.hour_no))
    return {key: number for key, (_, number) in sorted(best.items())}


def draw_together(effects: Floats, errors: Floats, prior_sd: float = PRIOR_SD) -> Drawn:
    """Draw effects towards their mean, and the mean towards 0, by the posterior of the spread; works for one, too."""
    least = min(prior_sd, float(np.sqrt(len(effects) / (errors**-2).sum())))
    u = (np.arange(N_SPREADS) + 0.5) / N_SPREADS  # of the prior's distribution function
    spreads = (least * u / (1 - u))[:, None]
    weights = 1 / (errors**2 + spreads**2)
    mean_variance = 1 / (prior_sd**-2 + weights.sum(axis=1, keepdims=True))
    mean = (weights * effects).sum(axis=1, keepdims=True) * mean_variance
    apart = (weights * effects**2).sum(axis=1) - mean[:, 0] ** 2 / mean_variance[:, 0]
    log_posterior = 0.5 * (np.log(weights).sum(axis=1) + np.log(mean_variance[:, 0]) - apart)
    posterior = np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    own = spreads**2 * weights
    given = mean + own * (effects - mean)
    variance = own * errors**2 + (1 - own) ** 2 * mean_variance
    values: Floats = posterior @ given
    return Drawn(values, np.sqrt(posterior @ (variance + (given - values) ** 2)))


def contrast(is_other: Flags, has_order: Flags, weights: Floats, people: npt.NDArray[np.int64]) -> Estimate:
    """Give how many more of the other side's messages an order follows; `people` are codes from 0 on.

    Not estimable below 200 effective messages or 10 orders on either side.
    """
    if (refused := _refusal(is_other, has_order, weights)) is not None:
        return refused
    influence, means = np.zeros(len(weights)), []
    for side, sign in ((is_other, 1.0), (~is_other, -1.0)):
        own, total = weights[side], float(weights[side].sum())
        mean = float(own @ has_order[side]) / total
        influence[side] = sign * own * (has_order[side] - mean) / total
        means.append(mean)
    variance = float((np.bincount(people, weights=influence) ** 2).sum())
    return normal_interval(means[0] - means[1], variance, HAJEK)


def _refusal(is_other: Flags, has_order: Flags, weights: Floats) -> NotEstimable | None:
    sides = (is_other, ~is_other)
    rows = min(effective_n(weights[side]) for side in sides)
    n_orders = min(int(has_order[side].sum()) for side in sides)
    if rows < MIN_EFFECTIVE:
        why = (
            f"The smaller side is worth {rows:.0f} messages; {MIN_EFFECTIVE} are needed. Let chance decide more often."
        )
        return NotEstimable(code="low_ess", message=why)
    if n_orders < MIN_ORDERS:
        why = f"The smaller side has {n_orders} orders; {MIN_ORDERS} are needed. Wait for more."
        return NotEstimable(code="too_few_buyers", message=why)
    return None


def _channels(rows: pa.Table) -> list[Response]:
    """A message counts where its step's first channel and the other one both had a chance."""
    pairs = (
        rows.group_by(["cohort", "first_channel"])
        .aggregate([])
        .sort_by([("cohort", "ascending"), ("first_channel", "ascending")])
    )
    found = []
    for pair in pairs.to_pylist():
        of_pair = _equal(rows, **pair)
        first = pair["first_channel"]
        for other in sorted({name for names in pc.unique(_joined(of_pair)).to_pylist() for name in names.split(",")}):
            could = of_pair.filter(_holds(of_pair["channels"], first, other))
            went = could.filter(pc.is_in(could["channel"], pa.array([first, other])))
            if other == first or not went.num_rows:
                continue
            named = {"cohort": pair["cohort"], "channel": other, "against": first, "hour_no": 0}
            found.append(_response(went, pc.equal(went["channel"], other), "propensity", named))
    return found


def _hours(rows: pa.Table) -> list[Response]:
    """A message counts where both the planned hour and the later one could be drawn."""
    drawn = rows.filter(pc.is_valid(rows["hour_no"]))
    pairs = drawn.group_by(["cohort", "channel"]).aggregate([])
    found = []
    for pair in pairs.sort_by([("cohort", "ascending"), ("channel", "ascending")]).to_pylist():
        of_pair = _equal(drawn, **pair)
        numbers = pc.unique(pc.list_flatten(of_pair["hour_choices"])).to_pylist()
        for number in sorted(set(numbers) - {0}):
            could = of_pair.filter(_holds(of_pair["hour_choices"], 0, number))
            went = could.filter(pc.is_in(could["hour_no"], pa.array([0, number], pa.int32())))
            named = {**pair, "against": "", "hour_no": number}
            if went.num_rows:
                found.append(_response(went, pc.equal(went["hour_no"], number), "hour_propensity", named))
    return found


def _equal(rows: pa.Table, **values: str) -> pa.Table:
    for name, value in values.items():
        rows = rows.filter(pc.equal(rows[name], value))
    return rows


def _joined(rows: pa.Table) -> pa.Array:
    return pc.binary_join(rows["channels"].combine_chunks().cast(pa.list_(pa.string())), ",")


def _holds(lists: pa.ChunkedArray, *wanted: str | int) -> pa.Array:
    """Say per list whether it holds all of these; a list holds nothing twice."""
    flat = lists.combine_chunks()
    parents, values = pc.list_parent_indices(flat), pc.list_flatten(flat)
    hits = parents.filter(pc.is_in(values, pa.array(list(wanted), values.type))).to_numpy()
    return pa.array(np.bincount(hits, minlength=len(flat)) == len(wanted))


def _response(went: pa.Table, is_other: pa.ChunkedArray, chance: str, named: Mapping[str, str | int]) -> Response:
    people = went["person_id"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    found = contrast(
        is_other.to_numpy().astype(bool), went["has_order"].to_numpy().astype(bool), 1 / went[chance].to_numpy(), people
    )
    return Response(**named, n=went.num_rows, difference=found, shrunk=found)


def _shrunk(found: list[Response]) -> list[Response]:
    """Draw contrasts of one kind together over cohorts; what cannot be read alone stays refused."""
    drawn = list(found)
    for kind in dict.fromkeys((one.channel, one.against, one.hour_no) for one in found):
        places = [
            place
            for place, one in enumerate(found)
            if (one.channel, one.against, one.hour_no) == kind and isinstance(one.difference, Interval)
        ]
        if not places:
            continue
        own = [one for place in places if isinstance(one := found[place].difference, Interval)]
        errors = np.array([(one.high - one.estimate) / Z for one in own])
        told = draw_together(np.array([one.estimate for one in own]), errors)
        for place, value, error in zip(places, told.effects, told.errors, strict=True):
            interval = normal_interval(float(value), float(error) ** 2, SHRUNK)
            drawn[place] = found[place].model_copy(update={"shrunk": interval})
    return drawn
