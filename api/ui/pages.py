"""The pages of the workspace: one line each."""

from collections.abc import Callable

from agent.assembly import App

from .approvals.page import register as approvals
from .chat.page import register as chat
from .community.page import register as community
from .content.page import register as content
from .guardrails.page import register as guardrails
from .home.page import register as home
from .members.page import register as members
from .parcels.page import register as parcels
from .people.page import register as people
from .plan.page import register as plans
from .results.page import register as results
from .runs.page import register as runs
from .sessions.page import register as sessions
from .settings.page import register as settings
from .start.page import register as start
from .support.page import register as support
from .thanks.page import register as thanks

PAGES: tuple[Callable[[App], None], ...] = (
    home,
    chat,
    plans,
    approvals,
    runs,
    results,
    people,
    members,
    community,
    thanks,
    content,
    parcels,
    support,
    start,
    guardrails,
    sessions,
    settings,
)
"""What adds each page to the application."""
