"""From moments per arm to the report: shares by score intervals, amounts by Welch, adjusted ones by regression."""

from collections.abc import Mapping

import numpy as np

from memory.domain.errors import InvalidInput
from memory.domain.experiment import Estimate
from memory.domain.outcome import NotEstimable
from tools.experiments import power, sample_ratio
from tools.experiments.cuped import adjusted
from tools.experiments.intervals import (
    Mean,
    mean_difference,
    mean_interval,
    normal_interval,
    scaled,
    share_difference,
    share_ratio,
    wilson,
)
from tools.experiments.lift import MIN_BUYERS
from tools.experiments.moments import Moments

from .reading import ArmNumbers, Asked
from .report import ArmLift, ExperimentReport, OutcomeLift, Slice

CONTROL_NAMES = ("control", "holdout", "withheld", "0", "false")
RATIO = "ratio of means, delta method (Deng et al. 2018, Applying the delta method in metric analytics, KDD)"
_EMPTY = NotEstimable(code="no_control_group", message="One arm is empty here, so nothing can be compared.")
_FEW = NotEstimable(code="too_few_people", message="An arm has fewer than two people here.")

Key = tuple[str | None, str]
Found = Mapping[Key, ArmNumbers]


def measure(found: Found, asked: Asked, control: str | None = None, control_rate: float = 0.5) -> ExperimentReport:
    """Compare every arm with control; `control_rate` is the promised share of control people of each such pair.

    Raise `InvalidInput` where the table has fewer than two arms, or where it cannot be told which is control.
    """
    arms = sorted({arm for slice_, arm in found if slice_ is None})
    name = _control(arms, asked.treatment, control)
    shares = tuple(
        all(found[(None, arm)].is_bounded[place] for arm in arms) for place in range(len(asked.outcomes))
    )  # fmt: skip
    values = sorted({slice_ for slice_, _ in found if slice_ is not None})

    def lifts(slice_: str | None) -> tuple[ArmLift, ...]:
        others = [arm for arm in arms if arm != name]
        return tuple(_lift(found, (slice_, arm), (slice_, name), asked, shares, control_rate) for arm in others)

    return ExperimentReport(
        treatment=asked.treatment,
        control=name,
        n_people=sum(one.n for (slice_, _), one in found.items() if slice_ is None),
        covariates=asked.covariates,
        arms=lifts(None),
        by=asked.by,
        slices=tuple(Slice(value=value, arms=lifts(value)) for value in values),
    )


def _control(arms: list[str], treatment: str, named: str | None) -> str:
    if len(arms) < 2:
        why = f"column {treatment} holds {'only ' + arms[0] if arms else 'nothing'}: the other arm is empty"
        raise InvalidInput(what="the experiment", why=why, remedy="Give the rows of people who were withheld as well")
    if named is not None:
        if named not in arms:
            why = f"no row has {named!r} in {treatment}"
            raise InvalidInput(what="the control arm", why=why, remedy=f"Name one of {', '.join(arms)}")
        return named
    likely = [arm for arm in arms if arm.lower() in CONTROL_NAMES]
    if len(likely) != 1:
        why = "it cannot be told which arm it is"
        raise InvalidInput(what="the control arm", why=why, remedy=f"Name one with --control: {', '.join(arms)}")
    return likely[0]


def _lift(found: Found, arm: Key, control: Key, asked: Asked, shares: tuple[bool, ...], rate: float) -> ArmLift:
    treated, withheld = found.get(arm), found.get(control)
    n, n_control = (one.n if one else 0 for one in (treated, withheld))
    return ArmLift(
        arm=arm[1],
        n_treated=n,
        n_control=n_control,
        sample_ratio=sample_ratio(n, n_control, rate),
        outcomes=tuple(
            _outcome(name, place, is_share, treated, withheld, asked)
            for place, (name, is_share) in enumerate(zip(asked.outcomes, shares, strict=True))
        ),
    )


def _outcome(
    name: str, place: int, is_share: bool, treated: ArmNumbers | None, control: ArmNumbers | None, asked: Asked
) -> OutcomeLift:
    unadjusted = _EMPTY if asked.covariates else None
    if treated is None or control is None:
        nothing: dict[str, Estimate] = dict.fromkeys(("treated", "control", "difference", "relative_lift"), _EMPTY)
        return OutcomeLift(outcome=name, is_share=is_share, adjusted_difference=unadjusted, **nothing)
    both, of = (_of_shares, 100.0) if is_share else (_of_amounts, 1.0)
    figures = both(treated, control, place)
    cut: float | None = None
    gap: Estimate | None = None
    if asked.covariates:
        gap, cut = _adjusted(treated, control, place, asked, of)
        if isinstance(figures["difference"], NotEstimable):
            gap, cut = figures["difference"], None
    seen = power(treated.n, control.n, control.mean[place]) if is_share else None
    return OutcomeLift(
        outcome=name, is_share=is_share, adjusted_difference=gap, variance_cut=cut, detectable_pp=seen, **figures
    )


def _of_shares(treated: ArmNumbers, control: ArmNumbers, place: int) -> dict[str, Estimate]:
    hits, other = treated.n_nonzero[place], control.n_nonzero[place]
    return {
        "treated": wilson(hits, treated.n),
        "control": wilson(other, control.n),
        "difference": scaled(share_difference(hits, treated.n, other, control.n), 100),
        "relative_lift": share_ratio(hits, treated.n, other, control.n),
    }


def _of_amounts(treated: ArmNumbers, control: ArmNumbers, place: int) -> dict[str, Estimate]:
    left, right = _mean(treated, place), _mean(control, place)
    figures: dict[str, Estimate] = {
        "treated": mean_interval(left) if isinstance(left, Mean) else left,
        "control": mean_interval(right) if isinstance(right, Mean) else right,
    }
    for one in (left, right):
        if isinstance(one, NotEstimable):
            return figures | {"difference": one, "relative_lift": one}
    assert isinstance(left, Mean)
    assert isinstance(right, Mean)
    return figures | {"difference": mean_difference(left, right), "relative_lift": _ratio(left, right)}


def _mean(arm: ArmNumbers, place: int) -> Mean | NotEstimable:
    """Give the mean where the arm has people and enough of them with anything but 0 (engine 2.6)."""
    if arm.n < 2:
        return _FEW
    n_nonzero = arm.n_nonzero[place]
    if n_nonzero < MIN_BUYERS:
        message = f"An arm has {n_nonzero} people with a value other than 0; amounts are read from {MIN_BUYERS} on."
        return NotEstimable(code="too_few_buyers", message=message)
    mean, variance = float(arm.mean[place]), float(arm.covariance[place, place])
    return Mean(arm.n, arm.n * mean, (arm.n - 1) * variance + arm.n * mean * mean)


def _ratio(mean: Mean, other: Mean) -> Estimate:
    if other.value <= 0:
        return NotEstimable(code="no_variance", message="Control's mean is not above 0; nothing to be relative to.")
    ratio = mean.value / other.value
    return normal_interval(ratio - 1, (mean.error + ratio**2 * other.error) / other.value**2, RATIO)


def _adjusted(
    treated: ArmNumbers, control: ArmNumbers, place: int, asked: Asked, factor: float
) -> tuple[Estimate, float | None]:
    """Give the adjusted difference times `factor`, and the share of its variance that the covariates took."""
    found = adjusted(_beside(treated, place, asked), _beside(control, place, asked))
    if isinstance(found, NotEstimable):
        return found, None
    return scaled(found.difference, factor), found.variance_cut_rate


def _beside(arm: ArmNumbers, place: int, asked: Asked) -> Moments:
    """Give the moments of one outcome with all covariates."""
    kept = [place, *range(len(asked.outcomes), len(asked.numbers))]
    scatter = arm.covariance[np.ix_(kept, kept)] * (arm.n - 1)
    return Moments((asked.outcomes[place], *asked.covariates), arm.n, arm.mean[kept], scatter)
