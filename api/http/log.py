"""Logs as JSON lines on stderr, one event each, without personal data."""

import logging
import sys
from typing import Any

import structlog

ADDRESS_FIELDS = frozenset({"email", "phone", "to", "name", "address", "token", "authorization", "text", "message"})
"""Fields that are dropped wherever somebody logs them by mistake."""


def set_up(level: str) -> None:
    """Log as JSON from this level on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_personal_data,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def without_personal_data(_logger: Any, _name: str, event: Any) -> Any:
    """Drop fields that may hold contact data, text or secrets."""
    return {name: value for name, value in event.items() if name not in ADDRESS_FIELDS}
