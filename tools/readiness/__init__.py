"""Readiness: what the imported data makes possible, what rests on an assumption, and which file would change that."""

from .elements import ELEMENTS, Readiness
from .run import readiness

__all__ = ["ELEMENTS", "Readiness", "readiness"]
