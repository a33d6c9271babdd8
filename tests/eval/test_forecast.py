"""Forecasts held against truths in a few small worlds; `python -m eval.forecast` runs the full set."""

from eval.forecast import measure


def test_what_chose_claims_too_much_and_the_forecast_does_not() -> None:
    found = measure(n_worlds=12, n_rows=40_000)
    assert found.naive_over_realised > 1.5
    assert found.claimed_over_realised.estimate < found.naive_over_realised / 1.5
    assert found.claimed_over_realised.low < 1.0 < found.claimed_over_realised.high
    assert found.covered.estimate > 0.7
    assert 0 < found.realised_share < 1
