"""Markets: what is known of each country that the shop may sell to, read-only data with its source."""

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from memory.domain.base import Frozen
from memory.domain.market import Channel, Market

from .acting import Acting

if TYPE_CHECKING:
    from tools.consent.policy import ConsentPolicy

AHEAD_DAYS = 90
"""How far ahead holidays are listed: as long as a plan."""


class MarketView(Frozen):
    """One market as this shop sees it."""

    market: Market
    """Language, currency, zones, legal hours, taboo words."""
    is_home: bool
    """Whether orders without a country count here."""
    is_sent_to: bool
    """Whether the guardrails allow its language."""
    double_opt_in: tuple[Channel, ...]
    """Channels on which a new address has to be confirmed."""
    unproven: tuple[Channel, ...]
    """Channels on which a permission without a time still counts."""
    soft_opt_in_months: int | None
    """How long existing customers may be written to after a purchase; none where they may not."""
    consent_source: str
    """Where the consent policy was read, and when."""
    holidays: tuple[date, ...]
    """Public holidays of the next 90 days."""


def every(acting: Acting) -> tuple[MarketView, ...]:
    """Give every known market, the shop's home first, then by name."""
    from tools.consent.policy import load_policies

    acting.require("read")
    shop, policies = acting.shop(), load_policies()
    with acting.app.store.read() as uow:
        known = uow.guardrails.history(acting.shop_id)
        languages = uow.guardrails.current(acting.shop_id).languages if known else ()
    today = acting.app.clock.now().astimezone(ZoneInfo(shop.zone)).date()
    found = [
        _view(one, policies.of(one.country), today, is_home=one.country == shop.home_market, languages=languages)
        for one in acting.app.markets.all()
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_home, one.market.name)))


def _view(
    market: Market, policy: "ConsentPolicy", today: date, *, is_home: bool, languages: tuple[str, ...]
) -> MarketView:
    from tools.timing.windows import is_holiday

    days = (today + timedelta(days=offset) for offset in range(AHEAD_DAYS))
    soft = policy.soft_opt_in
    return MarketView(
        market=market,
        is_home=is_home,
        is_sent_to=market.language in languages,
        double_opt_in=policy.double_opt_in,
        unproven=policy.unproven,
        soft_opt_in_months=soft.purchase_months if soft else None,
        consent_source=f"{policy.source} ({policy.as_of.isoformat()}); {policy.confirm}",
        holidays=tuple(day for day in days if is_holiday(day, market.country)),
    )
