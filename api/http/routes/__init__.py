"""The routes behind a principal, one file per noun; the registry is one list."""

from . import (
    approvals,
    chat,
    cohorts,
    guardrails,
    imports,
    intake,
    me,
    plans,
    principals,
    readiness,
    reports,
    rights,
    segments,
    sends,
    sessions,
    shops,
    support,
    tokens,
)

ROUTERS = (
    me.router,
    shops.router,
    imports.router,
    intake.router,
    readiness.router,
    segments.router,
    cohorts.router,
    guardrails.router,
    plans.router,
    chat.router,
    approvals.router,
    sends.router,
    reports.router,
    sessions.router,
    support.router,
    tokens.router,
    principals.router,
    rights.router,
)
"""Every guarded router."""
