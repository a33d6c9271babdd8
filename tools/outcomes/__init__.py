"""Outcomes: what people of an experiment did, whether they were messaged or not."""

from .window import ArmKey, Ask, OutcomeWindow

__all__ = ["ArmKey", "Ask", "OutcomeWindow"]
