"""Copy: templates per kind and language, filled by code; nothing in them is ever evaluated."""

from .facts import Copy, CopyFacts, GoodsWords, OfferWords
from .render import render
from .templates import languages_of

__all__ = ["Copy", "CopyFacts", "GoodsWords", "OfferWords", "languages_of", "render"]
