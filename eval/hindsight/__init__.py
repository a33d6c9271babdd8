"""Hindsight: what another policy, plan or set of guardrails would have earned, from the log of what was decided."""

from .answer import HindsightReport, PolicyAnswer
from .asking import ask
from .policies import POLICIES, policies_named

__all__ = ["POLICIES", "HindsightReport", "PolicyAnswer", "ask", "policies_named"]
