"""Segments: typed rules that compile to Ibis, render to words and load from YAML and JSON."""

from .compile import compile_rule, flag, select

__all__ = ["compile_rule", "flag", "select"]
