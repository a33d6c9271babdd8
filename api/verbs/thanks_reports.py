"""What thank-you pages brought: rewards for recommendations, and the page's effect against a plain one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, Instant
from memory.domain.market import CountryCode
from memory.domain.money import Money
from memory.domain.thanks import ThanksSettings

from .acting import Acting

if TYPE_CHECKING:
    from tools.thanks.effect import ThanksEffect

REWARDED_DAYS = 365
"""So far back recommendations are looked at."""
STATUSES = ("earned", "waiting", "clawed_back", "blocked")


class ShareRow(Frozen):
    """One recommendation."""

    person_id: str
    """Who recommended, as a pseudonym."""
    friend_id: str
    """The friend, as a pseudonym."""
    market: CountryCode
    """The market of the one who recommended."""
    amount: Money | None
    """What is owed in money, where it is earned or waits."""
    points: int | None
    """What is owed in points."""
    status: str
    """earned, waiting, clawed_back or blocked."""
    reason: str
    """Why not, in a word."""
    ordered_at: Instant
    """The friend's order."""
    granted_at: Instant | None
    """When its return window is over."""


class RewardTotal(Frozen):
    """What recommendations of one status come to."""

    status: str
    """earned, waiting, clawed_back or blocked."""
    n_friends: Count
    """Friends who ordered."""
    amounts: tuple[Money, ...]
    """Money owed, one sum per currency; none where nothing is."""
    points: Count
    """Points owed."""


def totals(rows: Iterable[ShareRow]) -> tuple[RewardTotal, ...]:
    """Add recommendations up by status, what is owed first; statuses without any are there with 0."""
    found = tuple(rows)
    return tuple(_total(status, [one for one in found if one.status == status]) for status in STATUSES)


def _total(status: str, rows: list[ShareRow]) -> RewardTotal:
    sums: dict[str, int] = {}
    for one in rows:
        if one.amount is not None:
            sums[one.amount.currency] = sums.get(one.amount.currency, 0) + one.amount.amount_minor
    amounts = tuple(Money(amount_minor=minor, currency=currency) for currency, minor in sorted(sums.items()))
    return RewardTotal(status=status, n_friends=len(rows), amounts=amounts, points=sum(one.points or 0 for one in rows))


def rewards(acting: Acting) -> tuple[ShareRow, ...]:
    """Give every recommendation of the last year whose friend ordered, with what it earns the one who shared."""
    from tools.offers.earned.shares import shares_earned
    from tools.outcomes import OutcomeWindow

    acting.require("read")
    with acting.app.store.read() as uow:
        set_up = uow.thanks.settings(acting.shop_id) or ThanksSettings()
    now, shop = acting.app.clock.now(), acting.shop()
    window = OutcomeWindow(starts_at=now - timedelta(days=REWARDED_DAYS), ends_at=now + timedelta(days=1))
    with acting.facts() as view:
        found = shares_earned(view, shop, set_up.share, set_up.return_days, window, now)
        rows = found.order_by("ordered_at", "person_id", "friend_id").to_pyarrow().to_pylist()
    return tuple(_row(row) for row in rows)


def effect(acting: Acting) -> "ThanksEffect":
    """Say what the page changed as of now: second orders, follows and leads of its variants against a plain page."""
    from tools.thanks.effect import thanks_effect

    acting.require("read")
    with acting.app.store.read() as uow:
        set_up = uow.thanks.settings(acting.shop_id) or ThanksSettings()
        pages, clicks = uow.thanks.pages(acting.shop_id), uow.thanks.clicks(acting.shop_id)
    shop = acting.shop()
    with acting.facts() as view:
        as_of = acting.as_of(view)  # windows that end after the last known order are not over
        return thanks_effect(view, shop, pages, clicks, set_up.plain_rate, set_up.measured_days, as_of)


def _row(row: dict[str, object]) -> ShareRow:
    is_owed = row["status"] in ("earned", "waiting")
    minor, currency, points = row.pop("amount_minor"), row.pop("currency"), row.pop("points")
    amount = {"amount_minor": minor, "currency": currency} if is_owed and minor is not None else None
    return ShareRow.model_validate({**row, "amount": amount, "points": points if is_owed else None})
