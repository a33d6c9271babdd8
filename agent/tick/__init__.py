"""Ticks: a live plan's due steps become decisions and planned messages."""

from .go_live import go_live
from .report import TickReport
from .run import tick
from .shadow import start_shadow

__all__ = ["TickReport", "go_live", "start_shadow", "tick"]
