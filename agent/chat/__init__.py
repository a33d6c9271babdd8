"""Marketers chat in zh and en: each turn ends in a plan, its diff and its reasons."""
