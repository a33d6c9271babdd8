"""Markets as dated data: language, currency, zones, legal hours with their source, words to avoid."""

from .registry import Markets, load_markets

__all__ = ["Markets", "load_markets"]
