"""Added orders per person: what a plan's value is made of, where the repeat rate counts each buyer once."""

from memory.domain.experiment import ArmSums, Estimate
from memory.domain.outcome import NotEstimable

from .arms import ArmMean, repeats
from .gate import refusal
from .intervals import Mean, mean_difference


def added_orders(treated: ArmSums, control: ArmSums) -> Estimate:
    """Give further orders per assigned person, treated minus control, with Welch's interval of one look.

    It is refused where the repeat rate would be: an empty arm, too few buyers in the smaller one, no variation.
    """
    refused = refusal(repeats(treated), repeats(control))
    if refused is not None:
        return refused
    means = [_mean(sums) for sums in (treated, control)]
    if means[0] is None or means[1] is None:
        return NotEstimable(code="missing_data", message="Squares of order counts are unknown.")
    return mean_difference(means[0], means[1])


def _mean(sums: ArmSums) -> Mean | None:
    if sums.orders_squared is None:
        return None
    of = ArmMean.of_sums(sums.n_people, sums.n_orders, sums.orders_squared, sums.n_repeat)
    return Mean.of(of.n_people, of.mean, of.variance / of.n_people)
