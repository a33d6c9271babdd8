"""The routes behind a principal, one file per noun; the registry is one list."""

from . import me, shops

ROUTERS = (me.router, shops.router)
"""Every guarded router."""
