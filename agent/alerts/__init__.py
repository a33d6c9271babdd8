"""Alerts: what a person should hear of leaves by mail and webhook."""

from .telling import tell

__all__ = ["tell"]
