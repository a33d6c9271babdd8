"""Decides: planners, guardrails, approval, runs and dispatch."""
