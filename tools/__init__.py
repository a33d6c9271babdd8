"""Deterministic capabilities: same input, same output."""
