"""Why something is in a plan, as HTML that opens when asked for: on the plan's page and beside the chat."""

from html import escape

from agent.planning.explaining import explain
from api.ui.shell.words import Words
from memory.domain.plan import Plan


def why(text: str, words: Words, about: str = "") -> str:
    """Give an explanation that opens when asked for; `about` names its subject where nothing beside it does."""
    asked = words("plan_page", "why")
    name = f' aria-label="{escape(f"{asked} {about}")}"' if about else ""
    return f'<details class="so-more so-why"><summary{name}>{asked}</summary><p>{escape(text)}</p></details>'


def why_of(plan: Plan, path: str, words: Words, about: str = "") -> str:
    """Give the explanation of what stands at `path`: a step, an offer, a cohort, `budget`, `forecast`, `holdout`."""
    return why(explain(plan, path, words.language), words, about)
