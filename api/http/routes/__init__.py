"""The routes behind a principal, one file per noun; the registry is one list."""

from . import (
    approvals,
    chat,
    cohorts,
    guardrails,
    imports,
    me,
    plans,
    readiness,
    reports,
    runs,
    segments,
    sends,
    sessions,
    shops,
)

ROUTERS = (
    me.router,
    shops.router,
    imports.router,
    readiness.router,
    segments.router,
    cohorts.router,
    guardrails.router,
    plans.router,
    chat.router,
    approvals.router,
    sends.router,
    runs.router,
    reports.router,
    sessions.router,
)
"""Every guarded router."""
