"""Cohorts: the buyers of a peak, each in exactly one of four."""

from .assign import assign_cohorts
from .facts import cohort_facts, expected_repeat
from .peak import Peak, bfcm, holiday_season, last_peak
from .rules import Thresholds, bfcm_rules

__all__ = [
    "Peak",
    "Thresholds",
    "assign_cohorts",
    "bfcm",
    "bfcm_rules",
    "cohort_facts",
    "expected_repeat",
    "holiday_season",
    "last_peak",
]
