"""Content items over facts: whom an item is for; stored nowhere."""

from .fitting import fitting

__all__ = ["fitting"]
