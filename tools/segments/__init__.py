"""Segments: typed rules that compile to Ibis, render to words and load from YAML and JSON."""

from .builtin import builtin_segment, builtin_segments
from .compile import compile_rule, flag, select
from .describe import describe
from .explorer import category_explorer
from .load import check_rule, dump_yaml, load_rule, load_segment
from .reading import NotRead, read_words
from .size import RuleCounts, SegmentSize, count_many, size

__all__ = [
    "NotRead",
    "RuleCounts",
    "SegmentSize",
    "builtin_segment",
    "builtin_segments",
    "category_explorer",
    "check_rule",
    "compile_rule",
    "count_many",
    "describe",
    "dump_yaml",
    "flag",
    "load_rule",
    "load_segment",
    "read_words",
    "select",
    "size",
]
