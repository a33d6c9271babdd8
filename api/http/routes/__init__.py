"""The routes behind a principal, one file per noun; the registry is one list."""

from . import approvals, cohorts, guardrails, imports, me, plans, reports, segments, sends, sessions, shops

ROUTERS = (
    me.router,
    shops.router,
    imports.router,
    segments.router,
    cohorts.router,
    guardrails.router,
    plans.router,
    approvals.router,
    sends.router,
    reports.router,
    sessions.router,
)
"""Every guarded router."""
