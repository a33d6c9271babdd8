"""Answers by text message: stop, start, help or something else, by rule and in the languages customers write."""

from .classify import Answer, classify

__all__ = ["Answer", "classify"]
