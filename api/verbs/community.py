"""Communities: set, list, end, who may be invited, and the invitation on the page after an order."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from memory.domain.community import Community, KeptCommunity
from memory.domain.market import Language

from .acting import Acting

if TYPE_CHECKING:
    from agent.community import CommunityActivity, CommunityInvitation, CommunityPage, CommunityStanding
    from agent.reports.belonging import BelongingReport

N_LISTED = 10_000
"""Most people that one answer lists; the next ones come with `start`."""
Group = Literal["community", "ambassadors"]
"""Whose recommendations a report reads."""


def read(text: str) -> Community:
    """Read a community from YAML or JSON; raises `InvalidInput` that names every wrong field."""
    from agent.community import read_community

    return read_community(text)


def put(acting: Acting, wanted: Community) -> KeptCommunity:
    """Set a community, or change the one of its id; for people only: its link goes to customers. Logged."""
    from agent.community import set_community

    acting.require_person("guardrail")
    now, by = acting.app.clock.now(), acting.principal.id
    detail = {"market": wanted.market, "platform": wanted.platform, "link": wanted.link}
    with acting.write("community.set", f"community:{wanted.id}", shop_id=acting.shop_id, **detail) as uow:
        set_community(uow, uow.shops.get(acting.shop_id), wanted, by, now)
        return uow.communities.get(acting.shop_id, wanted.id)


def end(acting: Acting, community_id: str) -> KeptCommunity:
    """Invite nobody to a community any more; who is in it stays. Logged."""
    acting.require_person("guardrail")
    with acting.write("community.end", f"community:{community_id}", shop_id=acting.shop_id) as uow:
        return uow.communities.end(acting.shop_id, community_id, acting.app.clock.now())


def communities(acting: Acting) -> tuple[KeptCommunity, ...]:
    """Give every community of the shop, also those that ended, by name."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.communities.all(acting.shop_id)


def eligible(acting: Acting, community_id: str, start: int = 0, n: int = N_LISTED) -> "CommunityPage":
    """Give who may be invited to a community: people of its market who qualify and are not in it."""
    from agent.community import who_is_eligible

    with acting.reading() as (view, uow, shop):
        return who_is_eligible(view, uow, shop, community_id, acting.app.clock.now(), start, n)


def n_eligible(acting: Acting) -> dict[str, int]:
    """Give how many people may be invited now, per community that has not ended."""
    running = [one.community.id for one in communities(acting) if one.ended_at is None]
    return {name: eligible(acting, name, 0, 1).n_all for name in running}


def activity(acting: Acting) -> "CommunityActivity":
    """Give who joined and left, whom pages and messages invited, and how many people a draw withholds."""
    from agent.community import activity as read_activity

    with acting.reading() as (view, uow, shop):
        return read_activity(view, uow, shop, acting.app.clock.now())


def standing(acting: Acting, person_id: str) -> "CommunityStanding":
    """Say how somebody stands to the community of their market: may be invited, is in it, or does not qualify."""
    from agent.community import standing_of

    acting.require("read")
    app, now = acting.app, acting.app.clock.now()
    with app.store.read() as uow:
        return standing_of(uow, app.lake, uow.shops.get(acting.shop_id), person_id, now)


def invite(acting: Acting, order_ref: str, language: Language = "en") -> "CommunityInvitation":
    """Say whether the page after an order invites its buyer to the community of their market: once per person."""
    from agent.community import community_buyer, invite_to_community

    acting.require("intake")
    app, now = acting.app, acting.app.clock.now()
    with app.store.read() as uow:
        shop = uow.shops.get(acting.shop_id)
        found = community_buyer(uow, app.lake, shop, order_ref, now)
    with app.store.unit_of_work() as uow:
        return invite_to_community(uow, shop, found, language, now)


def report(
    acting: Acting,
    group: Group = "community",
    begins_on: date | None = None,
    ends_on: date | None = None,
    within_days: int = 90,
) -> "BelongingReport":
    """Give how often a group recommends the shop beside a random control, else beside people like them.

    Matched are people who joined in the 90 days that ended `within_days` ago where no days are named.
    """
    from agent.reports.belonging import belonging_report

    from .loyalty import period

    acting.require("read")
    app, days = acting.app, period(acting, begins_on, ends_on, within_days)
    return belonging_report(app.store, app.lake, acting.shop_id, group, days, within_days, app.clock.now())
