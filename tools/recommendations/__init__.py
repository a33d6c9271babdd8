"""Recommendations: which goods a message shows a person, by rule and in stock."""

from .pick import N_SHOWN, pick

__all__ = ["N_SHOWN", "pick"]
