"""What a shop's guardrails and markets allow of a thank-you page; in integers and fractions only."""

from fractions import Fraction

from memory.domain.guardrails import Guardrails
from memory.domain.market import CountryCode, Shop
from memory.domain.money import Currency
from memory.domain.outcome import Blocked
from memory.domain.thanks import ThanksSettings

RULE = "thank_you_page"


def refusals(
    settings: ThanksSettings, shop: Shop, guardrails: Guardrails | None, currencies: dict[CountryCode, Currency]
) -> tuple[Blocked, ...]:
    """Give every reason against the settings; none where all is allowed.

    A code may reach anybody who orders, so the smallest discount ceiling of all cohorts binds, and the price floor.
    `currencies` are those of the markets a reward is named for; a market without one is unknown.
    """
    return (*code_refusals(settings, shop, guardrails), *_share(settings, currencies))


def code_refusals(settings: ThanksSettings, shop: Shop, guardrails: Guardrails | None) -> tuple[Blocked, ...]:
    """Give every reason against the settings' code: asked when they are set, and again for each order that gets one."""
    code = settings.code
    if code is None:
        return ()
    if code.off.currency != shop.currency:
        return (_blocked("code_currency", f"The code is in {code.off.currency}; the shop sells in {shop.currency}."),)
    if guardrails is None:
        return (_blocked("no_guardrails", "The shop has no guardrails yet; save them before a code is given."),)
    rate = Fraction(code.off.amount_minor, code.min_spend.amount_minor)
    ceiling = _exactly(min(guardrails.discount_ceiling.values(), default=0.0))
    found = []
    if rate > ceiling:
        message = (
            f"The code takes off {float(rate):.1%} of its smallest basket; "
            f"the lowest discount ceiling is {float(ceiling):.1%}."
        )
        found.append(_blocked("discount_ceiling", message))
    if 1 - rate < _exactly(guardrails.min_price_ratio):
        paid, floor = float(1 - rate), guardrails.min_price_ratio
        message = f"With the code {paid:.1%} of the price is paid; the floor is {floor:.1%}."
        found.append(_blocked("price_floor", message))
    return tuple(found)


def _exactly(rate: float) -> Fraction:
    """Give a rate as it is written: 0.1 is a tenth, not the float beside it."""
    return Fraction(str(rate))


def _share(settings: ThanksSettings, currencies: dict[CountryCode, Currency]) -> tuple[Blocked, ...]:
    found = []
    for market, reward in sorted(settings.share.items()):
        known = currencies.get(market)
        if known is None:
            found.append(_blocked("unknown_market", f"{market} is no market we know; see `secondorder home`."))
        elif reward.amount is not None and reward.amount.currency != known:
            message = f"The reward in {market} is in {reward.amount.currency}; people there pay in {known}."
            found.append(_blocked("reward_currency", message))
    return tuple(found)


def _blocked(code: str, message: str) -> Blocked:
    return Blocked(rule=RULE, code=code, message=message)
