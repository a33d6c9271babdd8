"""What an edit or a file would change, as HTML: differences, side effects apart, or every reason why it may not."""

from collections.abc import Sequence
from html import escape

from api.ui.shell.parts import notice
from api.ui.shell.refusals import reason_html
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.plans import Difference
from memory.domain.outcome import Blocked

SIDE = ("offer_most", "offer_cost", "budget_line", "reach", "forecast", "budget_worst_case")
"""Kinds of differences that follow from others."""


def render_trial(differences: Sequence[Difference], reasons: Sequence[Blocked], words: Words) -> str:
    """Say what would change, side effects apart, or every reason why it may not."""
    if reasons:
        rows = "".join(f"<li>{reason_html(one, words)}</li>" for one in reasons)
        return notice(f"<b>{escape(words('plan_page', 'refused'))}</b><ul>{rows}</ul>", "wrong")
    if not differences:
        return notice(escape(words("no_changes")))
    main = [one for one in differences if one.kind not in SIDE]
    side = [one for one in differences if one.kind in SIDE]
    more = ""
    if side:
        summary = words("side_changes").format(n=len(side))
        more = f"<details{'' if main else ' open'}><summary>{escape(summary)}</summary>{_rows(side)}</details>"
    title = words("plan_page", "would_change").format(n=len(differences))
    return f'<section class="so-changes"><h3>{escape(title)}</h3>{_rows(main)}{more}</section>'


def _rows(lines: Sequence[Difference]) -> str:
    return "<ul>" + "".join(f"<li>{visible(one.words)}</li>" for one in lines) + "</ul>" if lines else ""
