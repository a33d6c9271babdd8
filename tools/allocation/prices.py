"""Multipliers as what they are: prices of limits, in words."""

from .plan import Price


def in_words(price: Price, currency: str, is_money: bool) -> str:
    """Say what one more unit of a limit would return; `is_money` where the limit sums money and counts nothing."""
    state = f"{price.used:,} of {price.bound:,} used"
    if is_money:
        state = f"{price.used / 100_000:,.2f} of {price.bound / 100_000:,.2f} {currency} used"
    if price.is_least:
        if not price.per_unit:
            return f"{price.limit}: asking for it costs nothing ({price.used:,} where {price.bound:,} are asked for)."
        return f"{price.limit}: asking for one more costs {price.per_unit / 100_000:,.2f} {currency} of margin."
    if not price.per_unit:
        return f"{price.limit}: more of it would return nothing ({state})."
    if is_money:
        return f"{price.limit}: one more {currency} returns {price.per_unit:.2f} {currency} of margin ({state})."
    return f"{price.limit}: one more returns {price.per_unit / 100_000:,.2f} {currency} of margin ({state})."
