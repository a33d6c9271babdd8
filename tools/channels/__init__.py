"""Sending channels: the only places from which a message leaves. Only dispatch and assembly import an implementation."""

from .sender import Sender

__all__ = ["Sender"]
