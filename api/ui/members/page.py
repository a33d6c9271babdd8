"""The page of members: the programme in force, what is owed, missions and early access, members beside others."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from agent.assembly import App
from api.ui.shell.frame import add_page
from api.ui.shell.parted import open_part, parted, put, section
from api.ui.shell.parts import fill
from api.ui.shell.visitor import Visitor
from api.verbs import loyalty, loyalty_overview
from api.verbs.acting import Acting
from api.verbs.loyalty_overview import ProgrammesNow
from memory.domain.loyalty import LoyaltyProgramme

from .activity_view import render_drops, render_missions
from .compared_view import render_report
from .owed_view import N_SHOWN, render_expiring, render_owed
from .programme_view import about, coming, no_programme, points_rules, rewards_table
from .tiers_view import privileges_table, tiers_table

if TYPE_CHECKING:
    from agent.loyalty.expiring import ExpiringPage
    from agent.loyalty.privileges import TierPrivileges

PARTS = ("programme", "owed", "activities", "compared")
"""The parts of the page; the first is open where none is named."""


def register(app: App) -> None:
    """Add the page; `?part=programme|owed|activities|compared` opens a part."""
    add_page(app, "/members", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with the part that the address names."""
        self._visitor, self._part = visitor, open_part(PARTS)
        self._shop = visitor.acting().shop()

    def build(self) -> None:
        """Make the page: which programme is in force is looked up first, figures over all facts follow."""
        with parted(self._visitor, "members", PARTS, self._part):
            if self._part == "activities":
                self._activities()
                return
            draw = {"programme": self._programme, "owed": self._owed, "compared": self._compared}[self._part]
            fill(self._visitor, loyalty_overview.programmes_now, draw)

    def _programme(self, now: ProgrammesNow) -> None:
        words, current = self._visitor.words, now.current
        if current is None:
            self._without(now)
            return
        put(about(current, self._shop, words))
        if now.coming is not None:
            put(coming(now.coming, words))
        programme = current.programme
        with self._section("tiers_title"):
            self._tiers(programme, now.key)
        with self._section("points_title"):
            put(points_rules(programme, words, self._shop.currency))
        with self._section("rewards_title"):
            put(rewards_table(programme, words))

    def _tiers(self, programme: LoyaltyProgramme, key: str) -> None:
        """Show tiers and privileges at once; members stand in them when they are counted."""
        words, currency = self._visitor.words, self._shop.currency
        tiers = put(tiers_table(programme, None, words, currency))
        privileges = put(privileges_table(programme, None, words))

        def draw(found: "tuple[TierPrivileges, ...]") -> None:
            tiers.set_content(tiers_table(programme, found, words, currency))
            privileges.set_content(privileges_table(programme, found, words))

        fill(self._visitor, lambda acting: acting.lately("loyalty_tiers", loyalty.tiers, key), draw)

    def _without(self, now: ProgrammesNow) -> None:
        acting, words = self._visitor.acting(), self._visitor.words
        if now.coming is not None:
            put(coming(now.coming, words))
            return
        put(no_programme(words, may_set=acting.principal.may("guardrail", acting.shop_id)))

    def _owed(self, now: ProgrammesNow) -> None:
        words, zone = self._visitor.words, self._shop.zone
        with self._section("owed_title"):
            self._fill(
                lambda acting: acting.lately("loyalty_owed", loyalty.liability, now.key),
                lambda found: render_owed(found, words, zone),
            )
        if now.current is None:
            return
        warn_days = now.current.programme.warn_days
        with self._section("expiring_title"):
            self._fill(
                lambda acting: acting.lately("loyalty_expiring", _first_expiring, now.key),
                lambda found: render_expiring(found, warn_days, words, zone),
            )

    def _activities(self) -> None:
        words = self._visitor.words
        with self._section("missions_title"):
            self._fill(
                lambda acting: acting.lately("loyalty_missions", loyalty_overview.missions),
                lambda found: render_missions(found, words),
            )
        with self._section("drops_title"):
            self._fill(loyalty.early_access, lambda found: render_drops(found, words))

    def _compared(self, now: ProgrammesNow) -> None:
        words = self._visitor.words
        if now.current is None:
            self._without(now)
            return
        self._fill(
            lambda acting: acting.lately("loyalty_report", loyalty.report), lambda found: render_report(found, words)
        )

    def _fill(self, read: Callable[[Acting], Any], render: Callable[[Any], str]) -> None:
        fill(self._visitor, read, lambda found: put(render(found)))

    def _section(self, name: str) -> AbstractContextManager[None]:
        return section(name, self._visitor.words("members", name))


def _first_expiring(acting: Acting) -> "ExpiringPage":
    return loyalty.expiring(acting, 0, N_SHOWN)
