"""The routes behind a principal, one file per noun; the registry is one list."""

from . import cohorts, imports, me, segments, shops

ROUTERS = (me.router, shops.router, imports.router, segments.router, cohorts.router)
"""Every guarded router."""
