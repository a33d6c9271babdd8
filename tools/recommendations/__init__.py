"""Recommendations: which goods a message shows a person, by rule, in stock and with evidence."""

from .notices import NOTICE_WINDOW
from .picking import pick
from .registry import RULES, rule_of
from .rule import EVIDENCE, N_SHOWN, GoodsRule, Query
from .shelf import last_viewed

__all__ = ["EVIDENCE", "NOTICE_WINDOW", "N_SHOWN", "RULES", "GoodsRule", "Query", "last_viewed", "pick", "rule_of"]
