"""Sample-ratio mismatch: arms of the wrong size mean that something leaks."""

import math

from memory.domain.experiment import SampleRatio

SUSPICIOUS_BELOW = 0.01


def sample_ratio(n_treated: int, n_control: int, control_rate: float) -> SampleRatio:
    """Compare arm sizes with the promised control rate by a chi-square test with one degree of freedom.

    Read it once, at the end: looked at daily it raises false alarms in about 7 of 100 sound experiments.
    Source: Fabijan et al. 2019, "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", KDD.
    """
    n = n_treated + n_control
    expected = n * control_rate
    spread = expected * (1 - control_rate)
    if spread > 0:
        p_value = math.erfc(math.sqrt((n_control - expected) ** 2 / spread / 2))
    else:
        p_value = 1.0 if n_control == expected else 0.0
    return SampleRatio(
        expected_control_rate=control_rate,
        actual_control_rate=n_control / n if n else 0.0,
        p_value=p_value,
        is_suspicious=p_value < SUSPICIOUS_BELOW,
    )
