"""Where a shop stands, in lines."""

from memory.domain.money import Money
from memory.domain.outcome import NotEstimable

from .standing import Standing


def standing_lines(found: Standing) -> tuple[str, ...]:
    """Give one line per figure with its interval, or the reason why there is none."""
    return (
        f"Repeat purchase rate within 90 days: {_rpr(found)}",
        f"Customer value so far: {_clv(found)}",
        f"New customers through a referral: {_referral(found)}",
        f"Marketing money spent after the purchase: {_share(found)}",
    )


def _rpr(found: Standing) -> str:
    one = found.rpr
    if isinstance(one, NotEstimable):
        return one.message
    return f"{one.rate.estimate:.1%} [{one.rate.low:.1%}, {one.rate.high:.1%}] of {one.n_people:,} new buyers"


def _clv(found: Standing) -> str:
    one = found.clv
    if isinstance(one, NotEstimable):
        return one.message
    low, mean, high = (
        Money(amount_minor=round(value), currency=one.currency)
        for value in (one.mean_minor.low, one.mean_minor.estimate, one.mean_minor.high)
    )
    return f"{mean} [{low}, {high}] per customer, of {one.n_people:,}"


def _referral(found: Standing) -> str:
    one = found.referral
    if isinstance(one, NotEstimable):
        return one.message
    return f"{one.rate.estimate:.1%} [{one.rate.low:.1%}, {one.rate.high:.1%}] of {one.n_new:,}"


def _share(found: Standing) -> str:
    band = f"the guardrails want {found.share_min_rate:.0%} to {found.share_max_rate:.0%}"
    if found.post_share_rate is None:
        return f"unknown, the spend ledger is empty; {band}"
    return f"{found.post_share_rate:.1%}; {band}"
