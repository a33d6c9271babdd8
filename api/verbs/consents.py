"""Consent in bulk: the existing-customer basis, on the word of a named person."""

from typing import TYPE_CHECKING

from memory.domain.errors import InvalidInput, NotPermitted
from memory.domain.market import Channel

from .acting import Acting

if TYPE_CHECKING:
    from agent.consents.existing import Basis

MAX_SOURCE = 150


def soft_opt_in(
    acting: Acting, market: str, channel: Channel, source: str, *, vouches: bool = False, dry_run: bool = False
) -> "Basis":
    """State the existing-customer basis for everybody of a market who qualifies; needs an admin, and a person.

    Raise `InvalidInput` where the market's policy does not know it, no source is named, or nobody vouches for the
    conditions, which the message lists.
    """
    from agent.consents.existing import rule_of, state_basis
    from tools.consent import load_policies

    acting.require("admin")
    if acting.principal.kind != "human":
        raise NotPermitted(principal=acting.principal.id, permission="vouch for consent", shop_id=acting.shop_id)
    country, policy = market.upper(), load_policies().of(market.upper())
    rule = rule_of(policy, country, channel)
    if not 3 <= len(source.strip()) <= MAX_SOURCE:
        why = "nobody could look up what it rests on"
        raise InvalidInput(what="the source", why=why, remedy=f"Name it in 3 to {MAX_SOURCE} characters")
    if not vouches and not dry_run:
        why = "somebody has to vouch for: " + "; ".join(rule.conditions)
        raise InvalidInput(what="the basis", why=why, remedy="Repeat it with --vouch if all of that is true")
    named = f"{source.strip()}; vouched for by {acting.principal.id}"
    app, now = acting.app, acting.app.clock.now()
    with acting.facts() as view, app.store.unit_of_work() as uow:
        found = state_basis(uow, view, acting.shop_id, country, channel, policy, named, now, dry_run=dry_run)
        if not dry_run:
            detail = {"market": country, "channel": channel, "n": found.n_granted, "source": source.strip()}
            uow.audit.append(acting.principal.id, "consent.soft_opt_in", f"shop:{acting.shop_id}", now, detail)
    return found
