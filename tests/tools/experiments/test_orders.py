"""Added orders per person, by hand and refused where they mean nothing."""

import pytest

from memory.domain.experiment import Arm, ArmSums, Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.orders import added_orders


def arm(name: Arm, n_people: int, n_repeat: int, n_orders: int, squares: float | None) -> ArmSums:
    return ArmSums(
        arm=name, n_people=n_people, n_repeat=n_repeat, n_orders=n_orders, orders_squared=squares, revenue_minor=0,
        revenue_squared=0.0,
    )  # fmt: skip


TREATED = arm("treated", 1_000, 200, 300, 500.0)
CONTROL = arm("control", 500, 80, 100, 140.0)


def test_the_difference_is_orders_per_person_with_welch_s_interval() -> None:
    """Means 0.3 and 0.2; variances (500 - 90) / 999 and (140 - 20) / 499."""
    found = added_orders(TREATED, CONTROL)
    assert isinstance(found, Interval)
    assert found.estimate == pytest.approx(0.1)
    error = (410 / 999 / 1_000 + 120 / 499 / 500) ** 0.5
    assert found.high - found.estimate == pytest.approx(1.96 * error, rel=0.01)


@pytest.mark.parametrize(
    ("control", "code"),
    [
        (arm("control", 0, 0, 0, 0.0), "no_control_group"),
        (arm("control", 500, 9, 10, 14.0), "too_few_buyers"),
        (arm("control", 500, 80, 100, None), "missing_data"),
    ],
)
def test_what_cannot_be_compared_is_refused(control: ArmSums, code: str) -> None:
    found = added_orders(TREATED, control)
    assert isinstance(found, NotEstimable) and found.code == code
