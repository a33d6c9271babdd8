"""Outcomes: what people of an experiment did, whether they were messaged or not."""

from .arms import ArmKey, OutcomeWindow, arm_sums, person_outcomes

__all__ = ["ArmKey", "OutcomeWindow", "arm_sums", "person_outcomes"]
