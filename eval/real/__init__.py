"""The product's statistics on data that nobody here made: published figures met, or the difference shown."""

from .registry import DATA_SETS, check

__all__ = ["DATA_SETS", "check"]
