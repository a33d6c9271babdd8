"""Benchmarks: each prints what it measured as ratios to a named peer in the same run."""
