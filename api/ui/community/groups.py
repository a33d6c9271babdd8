"""The part of communities: what is set, who may be invited, who came and went, whom invitations reached."""

from html import escape
from typing import TYPE_CHECKING, Any

from api.ui.shell.parts import fill
from api.ui.shell.visitor import Visitor
from api.verbs import community
from memory.domain.canonical import content_hash
from memory.domain.community import KeptCommunity

from .groups_view import counts_table, groups_cards, mails_table, moves_table, no_group

if TYPE_CHECKING:
    from agent.community import CommunityActivity


class GroupsPart:
    """The elements of the part."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor
        self._shop = visitor.acting().shop()
        self._kept: tuple[KeptCommunity, ...] = ()
        self._activity: CommunityActivity | None = None
        self._eligible: dict[str, int] | None = None
        self._counts: Any = None

    def build(self) -> None:
        """Make the part: communities at once, people when they are counted."""
        fill(self._visitor, community.communities, self._draw)

    def _draw(self, kept: tuple[KeptCommunity, ...]) -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words
        if not kept:
            may_set = acting.principal.may("guardrail", acting.shop_id)
            ui.html(no_group(words, may_set=may_set), sanitize=False)
            return
        self._kept, key = kept, content_hash([one.model_dump(mode="json") for one in kept])
        ui.html(groups_cards(kept, self._shop, words), sanitize=False)
        with ui.element("section").classes("so-section").props('aria-labelledby="so-people"'):
            ui.html(f'<h3 id="so-people">{escape(words("community", "people_title"))}</h3>', sanitize=False)
            self._counts = ui.html(counts_table(kept, None, None, words), sanitize=False)
            fill(
                self._visitor,
                lambda acting: acting.lately("community_eligible", community.n_eligible, key),
                self._draw_eligible,
            )
        fill(
            self._visitor,
            lambda acting: acting.lately("community_activity", community.activity, key),
            self._draw_activity,
        )

    def _draw_eligible(self, found: dict[str, int]) -> None:
        self._eligible = found
        self._recount()

    def _draw_activity(self, found: "CommunityActivity") -> None:
        from nicegui import ui

        words = self._visitor.words
        self._activity = found
        self._recount()
        for name, html in (
            ("invitations_title", mails_table(found, self._kept, words)),
            ("moves_title", moves_table(found, words, self._shop.zone)),
        ):
            with ui.element("section").classes("so-section").props(f'aria-labelledby="so-{name}"'):
                ui.html(f'<h3 id="so-{name}">{escape(words("community", name))}</h3>', sanitize=False)
                ui.html(html, sanitize=False)

    def _recount(self) -> None:
        self._counts.set_content(counts_table(self._kept, self._activity, self._eligible, self._visitor.words))
