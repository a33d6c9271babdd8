"""The shop's figures of now: margins, stock, marketing money and rates, as the second checker reads them."""

from datetime import date

from .base import Count, Frozen, MinorUnits, Rate, ShopId
from .money import Currency, ExchangeRates


class MarketingMoney(Frozen):
    """Today's split of the marketing budget."""

    period_from: date | None = None
    """First day of the newest period; null where the spend ledger is empty."""
    period_until: date | None = None
    """Its last day."""
    total_minor: MinorUnits = 0
    """All marketing money of the period."""
    post_share_rate: Rate | None = None
    """Share spent after the purchase; null where it is unknown."""


class ShopFigures(Frozen):
    """Figures of one data version, without any person."""

    shop_id: ShopId
    """Whose."""
    data_version: int
    """The facts they were read from."""
    currency: Currency
    """The currency of all sums."""
    margins: dict[str, float | None] = {}
    """Margin over list price per category; null where no cost is known."""
    margin_rate: float | None = None
    """Margin over list price of all sales; null where no cost is known."""
    gifts: dict[str, Count] = {}
    """Units in stock of every article that could be given away."""
    money: MarketingMoney = MarketingMoney()
    """The marketing budget."""
    rates: ExchangeRates = ExchangeRates()
    """Newest exchange rates from and to the shop's currency."""
