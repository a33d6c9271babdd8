"""Operational truth: one noun per file, each with its tables and its repository."""
