"""Segments: typed rules that compile to Ibis, render to words and load from YAML and JSON."""

from .builtin import builtin_segment, builtin_segments
from .compile import compile_rule, flag, select
from .describe import describe
from .explorer import category_explorer
from .load import check_rule, dump_yaml, load_rule, load_segment
from .size import SegmentSize, size

__all__ = [
    "SegmentSize",
    "builtin_segment",
    "builtin_segments",
    "category_explorer",
    "check_rule",
    "compile_rule",
    "describe",
    "dump_yaml",
    "flag",
    "load_rule",
    "load_segment",
    "select",
    "size",
]
