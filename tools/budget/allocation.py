"""Splitting the plan's money over the four buckets, exactly to the last minor unit (S1-55)."""

from collections.abc import Mapping
from typing import TypeVar

from memory.domain.base import Frozen
from memory.domain.money import Money
from memory.domain.outcome import Blocked
from memory.domain.plan import BUCKETS, Bucket, BudgetLine

Key = TypeVar("Key", bound=str)
DEFAULT_SHARES: dict[Bucket, float] = {
    "loyalty_programme": 0.30,
    "automation": 0.45,
    "referral": 0.15,
    "community_ugc": 0.10,
}
"""The playbook's split of what is left after the cost of sending."""


class Infeasible(Frozen):
    """A split that cannot be, with every reason."""

    reasons: tuple[Blocked, ...]
    """All reasons."""


def allocate(
    total: Money, sends_minor: Mapping[Bucket, int], shares: Mapping[Bucket, float] | None = None
) -> tuple[BudgetLine, ...] | Infeasible:
    """Give the four lines; their sum is `total` to the last minor unit.

    Without `shares` sending is paid first and the rest is split by the playbook's shares. Given shares are kept
    exactly; a bucket that cannot even pay its sends makes the split infeasible, and the reasons say by how much.
    """
    needed = sum(sends_minor.values())
    if needed > total.amount_minor:
        return Infeasible(reasons=(_too_small(total, needed),))
    if not shares:
        rest = largest_remainder(total.amount_minor - needed, DEFAULT_SHARES)
        amounts = {bucket: rest[bucket] + sends_minor.get(bucket, 0) for bucket in BUCKETS}
        return _lines(amounts, total.currency)
    if abs(sum(shares.values()) - 1.0) > 1e-6:
        return Infeasible(reasons=(_not_whole(shares),))
    amounts = largest_remainder(total.amount_minor, {bucket: shares.get(bucket, 0.0) for bucket in BUCKETS})
    short = tuple(
        _short(bucket, amounts[bucket], sends_minor.get(bucket, 0), total.currency)
        for bucket in BUCKETS
        if amounts[bucket] < sends_minor.get(bucket, 0)
    )
    return Infeasible(reasons=short) if short else _lines(amounts, total.currency)


def largest_remainder(total: int, shares: Mapping[Key, float]) -> dict[Key, int]:
    """Split an integer by shares so that the parts sum to it; ties go to the earlier key."""
    exact = {key: total * share / (sum(shares.values()) or 1.0) for key, share in shares.items()}
    parts = {key: int(value) for key, value in exact.items()}
    order = sorted(shares, key=lambda key: (parts[key] - exact[key], list(shares).index(key)))
    for position in range(total - sum(parts.values())):
        parts[order[position % len(order)]] += 1
    return parts


def _lines(amounts: Mapping[Bucket, int], currency: str) -> tuple[BudgetLine, ...]:
    return tuple(
        BudgetLine(bucket=bucket, amount=Money(amount_minor=amounts[bucket], currency=currency)) for bucket in BUCKETS
    )


def _too_small(total: Money, needed: int) -> Blocked:
    return Blocked(
        rule="plan_budget",
        code="budget_below_sends",
        message=f"Sending alone costs {Money(amount_minor=needed, currency=total.currency)}; the budget is {total}.",
        path="budget.total",
        limit=str(needed),
        actual=str(total.amount_minor),
    )


def _not_whole(shares: Mapping[Bucket, float]) -> Blocked:
    return Blocked(
        rule="plan_budget",
        code="shares_not_whole",
        message=f"The bucket shares sum to {sum(shares.values()):.4f}; they have to sum to 1.",
        path="budget.lines",
        limit="1",
        actual=f"{sum(shares.values()):.4f}",
    )


def _short(bucket: Bucket, has: int, needs: int, currency: str) -> Blocked:
    return Blocked(
        rule="plan_budget",
        code="bucket_below_sends",
        message=f"{bucket} gets {Money(amount_minor=has, currency=currency)}, but sending its steps costs "
        f"{Money(amount_minor=needs, currency=currency)}; give it a larger share.",
        path=f"budget.lines.{bucket}",
        limit=str(needs),
        actual=str(has),
    )
