"""Loyalty status: one word per kind of buyer, none without an order."""

from typing import Any

import pytest

from agent.reports.person import loyalty_status


@pytest.mark.parametrize(
    ("n", "fifths", "status"),
    [
        (0, (None, None, None), None),
        (1, (5, 2, 3), "one_time"),
        (4, (5, 5, 4), "champion"),
        (4, (3, 5, 5), "loyal"),
        (2, (3, 3, 2), "repeat"),
        (9, (2, 5, 5), "lapsed"),
        (1, (1, 1, 1), "lapsed"),
    ],
)
def test_s2_11_loyalty_status_is_read_off_the_fifths(n: int, fifths: tuple[Any, ...], status: str | None) -> None:
    row = {"n_orders": n} | dict(zip(("r_quintile", "f_quintile", "m_quintile"), fifths, strict=True))
    assert loyalty_status(row) == status
    assert loyalty_status({}) is None
