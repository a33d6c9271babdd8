"""What offers are made from: aggregates of categories, margins, gifts and baskets; no person in sight."""

from memory.domain.base import Count, Frozen, MinorUnits, Rate
from memory.domain.codes import CodeSource
from memory.domain.cohort import CohortId
from memory.domain.money import Money
from memory.domain.offer import OutsideOffer


class CategoryFact(Frozen):
    """One category of the shop."""

    category: str
    """Its name as the shop writes it (untrusted text); empty where goods have none."""
    n_products: Count
    """Active articles."""
    n_in_stock: Count
    """Active articles in stock; those without a stock record count as in stock."""
    n_units_sold: Count
    """Units sold in the year before."""
    revenue_minor: MinorUnits
    """Their revenue in the shop's currency."""
    median_price_minor: MinorUnits
    """Median list price in the shop's currency."""
    margin_rate: float | None = None
    """Margin over list price by revenue; null where no cost is known."""
    is_assumed: bool = False
    """Whether a cost in it is assumed."""


class GiftFact(Frozen):
    """An article that could be given away."""

    sku: str
    """The article."""
    cost: Money
    """What it costs the shop, in the shop's currency."""
    price: Money
    """Its list price."""
    n_in_stock: Count
    """Units in stock."""


class OfferFacts(Frozen):
    """Everything an offer builder may look at."""

    currency: str
    """The shop's currency."""
    categories: tuple[CategoryFact, ...] = ()
    """By revenue, largest first."""
    gifts: tuple[GiftFact, ...] = ()
    """Cheapest first; only articles with stock and a known cost."""
    baskets: dict[CohortId, MinorUnits] = {}
    """Median basket per cohort in the shop's currency."""
    reach: dict[CohortId, Count] = {}
    """People each cohort's offers may reach."""
    margin_rate: float | None = None
    """Margin over list price of all sales; null where no cost is known."""
    shipping_minor: MinorUnits = 0
    """Median shipping paid per order in the shop's currency."""
    ceilings: dict[CohortId, Rate] = {}
    """Discount ceiling per cohort."""
    min_price_ratio: Rate = 0.0
    """Price floor."""
    min_margin_rate: float = -1.0
    """Margin floor."""
    outside: tuple[OutsideOffer, ...] = ()
    """What people may hold from outside the plan and redeem on the same order."""
    code_source: CodeSource | None = None
    """Where the shop's codes come from; none where people hold offers by their terms."""
