"""Dispatch: claims due messages, checks everything again, hands them off and records what became of them."""

from .report import DispatchReport
from .run import dispatch

__all__ = ["DispatchReport", "dispatch"]
