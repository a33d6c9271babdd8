"""What communities came to: who joined and left, whom pages and mails invited, and who is withheld (S1-30)."""

from collections.abc import Mapping
from datetime import datetime

from agent.loyalty.withholding import n_withheld
from memory.domain.base import Count, Frozen, Instant
from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.communities import COMMUNITY
from memory.store.unit_of_work import UnitOfWork
from tools.community import latest_moves, movements

N_MOVES = 20
"""So many of the newest joins and leaves are given one by one."""
ON_THE_WAY = ("planned", "claimed")


class CommunityCount(Frozen):
    """How many people came and went."""

    community_id: str
    """The community; also one that was imported and never set."""
    n_joined: Count
    """People who ever joined."""
    n_in: Count
    """People who are in it."""
    n_left: Count
    """People who joined and are in it no more."""
    n_shown: Count
    """People to whom the page after an order showed its invitation."""


class Move(Frozen):
    """One time somebody joined or left."""

    at: Instant
    """When."""
    person_id: str
    """The pseudonym."""
    community_id: str
    """Which community."""
    is_member: bool
    """Whether they joined; else they left."""


class MailCount(Frozen):
    """Invitations by message to the community of one market, of all plans."""

    market: str
    """Where; empty where it is unknown."""
    n_waiting: Count
    """Planned, or held by a worker."""
    n_sent: Count
    """Sent."""
    n_unknown: Count
    """Nobody can say whether the provider took them."""
    n_failed: Count
    """Failed."""
    held_back: dict[str, Count]
    """Not sent, per reason."""


class CommunityActivity(Frozen):
    """What the shop's communities came to."""

    as_of: Instant
    """When it was read."""
    communities: tuple[CommunityCount, ...]
    """Per community, by name."""
    moves: tuple[Move, ...]
    """The newest joins and leaves, the newest first."""
    mails: tuple[MailCount, ...]
    """Per market, by code."""
    n_withheld: Count
    """People whom a draw withholds from every such invitation, on pages and by message."""


def activity(view: LakeView, uow: UnitOfWork, shop: Shop, at: datetime) -> CommunityActivity:
    """Read what the communities of a shop came to, by the facts of now."""
    known = {row["community_id"]: row for row in movements(view, shop, at).to_pyarrow().to_pylist()}
    shown = uow.communities.n_shown(shop.shop_id)
    names = sorted({*known, *shown, *(one.community.id for one in uow.communities.all(shop.shop_id))})
    moves = latest_moves(view, shop, at, N_MOVES).to_pyarrow().to_pylist()
    return CommunityActivity(
        as_of=at,
        communities=tuple(_counted(name, known.get(name, {}), shown.get(name, 0)) for name in names),
        moves=tuple(Move.model_validate(row) for row in moves),
        mails=_mails(uow.sent_counts.of_kind(shop.shop_id, COMMUNITY)),
        n_withheld=n_withheld(uow, shop, at, COMMUNITY),
    )


def _counted(name: str, row: Mapping[str, int], n_shown: int) -> CommunityCount:
    n = {field: row.get(field, 0) for field in ("n_joined", "n_in", "n_left")}
    return CommunityCount(community_id=name, n_shown=n_shown, **n)


def _mails(counts: Mapping[tuple[str, str, str], int]) -> tuple[MailCount, ...]:
    return tuple(_mail(market, counts) for market in sorted({market for market, _, _ in counts}))


def _mail(market: str, counts: Mapping[tuple[str, str, str], int]) -> MailCount:
    mine = {(state, reason): n for (place, state, reason), n in counts.items() if place == market}

    def n_of(*states: str) -> int:
        return sum(n for (state, _), n in mine.items() if state in states)

    held_back = {reason: n for (state, reason), n in sorted(mine.items()) if state == "suppressed"}
    return MailCount(
        market=market, n_waiting=n_of(*ON_THE_WAY), n_sent=n_of("sent"), n_unknown=n_of("unknown"),
        n_failed=n_of("failed"), held_back=held_back,
    )  # fmt: skip
