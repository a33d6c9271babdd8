"""Sending channels: the only places from which a message leaves; dispatch and assembly alone import one."""

from .sender import Sender

__all__ = ["Sender"]
