"""Hindsight: what another policy, plan or set of guardrails would have earned, from the log of what was decided."""

from .answers import HindsightReport, PolicyAnswer, answer
from .asking import ask
from .policies import POLICIES, policies_named

__all__ = ["POLICIES", "HindsightReport", "PolicyAnswer", "answer", "ask", "policies_named"]
