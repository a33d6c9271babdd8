"""Alerts: what a person should hear of leaves by mail and webhook."""

from .people import without_people
from .requests import tell_requests
from .telling import tell

__all__ = ["tell", "tell_requests", "without_people"]
