"""Guardrails: one file per rule, each with a plan check and a columnar predicate."""
