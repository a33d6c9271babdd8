"""The routes behind a principal, one file per noun; the registry is one list."""

from . import approvals, cohorts, guardrails, imports, me, segments, sends, shops

ROUTERS = (
    me.router,
    shops.router,
    imports.router,
    segments.router,
    cohorts.router,
    guardrails.router,
    approvals.router,
    sends.router,
)
"""Every guarded router."""
