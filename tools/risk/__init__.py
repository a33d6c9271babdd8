"""Risk of losing a person, and what those who left say about the messages that made them leave."""

from .bands import WISHES_SCHEMA, wishes
from .leaving import LEAVING_SCHEMA, ORDERS_LOST_PER_LEAVER, Leaving, leaving, leaving_table

__all__ = [
    "LEAVING_SCHEMA",
    "ORDERS_LOST_PER_LEAVER",
    "WISHES_SCHEMA",
    "Leaving",
    "leaving",
    "leaving_table",
    "wishes",
]
