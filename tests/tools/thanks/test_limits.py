"""What guardrails allow of a code: judged exactly, at the limit as well."""

import pytest

from memory.domain.cohort import CohortId
from memory.domain.guardrails import Guardrails
from memory.domain.thanks import OrderCode, ThanksSettings
from tests.factories.facts import SHOP
from tests.factories.thanks import euros
from tools.thanks.limits import refusals


def codes_of(off: int, least: int, floor: float, ceiling: float) -> list[str]:
    every: tuple[CohortId, ...] = ("vip", "first_time")
    rails = Guardrails(
        plan_budget=euros(600_000), min_price_ratio=floor, discount_ceiling=dict.fromkeys(every, ceiling)
    )
    settings = ThanksSettings(code=OrderCode(hours=48, off=euros(off), min_spend=euros(least)))
    return [one.code for one in refusals(settings, SHOP, rails, {})]


@pytest.mark.parametrize(
    ("off", "least", "floor", "ceiling", "refused"),
    [
        (900, 1000, 0.1, 0.9, []),  # in floats 1 - 0.9 is less than 0.1
        (901, 1000, 0.1, 0.9, ["discount_ceiling", "price_floor"]),
        (700, 1000, 0.3, 0.7, []),
        (300, 1000, 0.5, 0.3, []),
        (300, 1000, 0.8, 0.3, ["price_floor"]),
    ],
)
def test_s1_10_a_code_at_the_limit_is_allowed_and_one_beyond_is_not(
    off: int, least: int, floor: float, ceiling: float, refused: list[str]
) -> None:
    assert codes_of(off, least, floor, ceiling) == refused
