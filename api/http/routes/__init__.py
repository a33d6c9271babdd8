"""The routes behind a principal, one file per noun; the registry is one list."""

from . import (
    approvals,
    chat,
    cohorts,
    decisions,
    guardrails,
    imports,
    me,
    people,
    plans,
    readiness,
    reports,
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
    people.router,
    cohorts.router,
    guardrails.router,
    plans.router,
    chat.router,
    approvals.router,
    sends.router,
    decisions.router,
    reports.router,
    sessions.router,
)
"""Every guarded router."""
