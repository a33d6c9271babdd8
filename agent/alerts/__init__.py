"""Alerts: what a person should hear of leaves by mail and webhook."""

from .people import without_people
from .telling import tell

__all__ = ["tell", "without_people"]
