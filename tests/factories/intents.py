"""The state of intent as a person would read it off a list of deeds: the judge of what the product works out."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def plain_state(deeds: Sequence[tuple[datetime, str, str]], now: datetime) -> str:
    """Give the state after deeds of (when, what, category); what comes after `now` has not happened."""
    past = [each for each in deeds if each[0] <= now]
    carts = [at for at, act, _ in past if act == "cart" and at > now - timedelta(days=30)]
    orders = [at for at, act, _ in past if act == "buy"]
    if carts and not (orders and max(orders) >= max(carts)):
        return "abandon"
    for category in ("running", "socks"):
        acts = [act for _, act, each in past if each == category]
        if len([act for act in acts if act != "buy"]) >= 5 and "buy" not in acts:
            return "explore"
    return ""
