"""Copy: templates per kind and language, filled by code; nothing in them is ever evaluated."""

from .facts import Copy, CopyFacts, GoodsWords, OfferWords
from .render import render
from .templates import copy_hash, languages_of, n_subjects, subjects_of, words_name

__all__ = [
    "Copy",
    "CopyFacts",
    "GoodsWords",
    "OfferWords",
    "copy_hash",
    "languages_of",
    "n_subjects",
    "render",
    "subjects_of",
    "words_name",
]
