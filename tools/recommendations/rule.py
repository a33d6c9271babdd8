"""What a goods rule is: a frozen query in, the goods that suit each person out, best first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.domain.plan import Goods, GoodsRuleId
from memory.lake.view import LakeView

from . import shelf
from .cycles import cycles
from .pairs import pairs

N_SHOWN = 3
EVIDENCE = {
    "n_together": "int64",  # orders that hold both articles
    "support_rate": "float64",  # their share of all orders
    "lift": "float64",  # how much more often than by chance
    "was_minor": "int64",  # the price when the person looked
    "runs_out_on": "string",  # the likely day on which what was bought is used up
    "runs_out_from": "string",
    "runs_out_until": "string",
}
"""What a pick rests on; null where a rule has no such figure."""
OPTION_COLUMNS = ("person_id", "sku", "url", "title", "price_minor", "place", *EVIDENCE)


@dataclass(frozen=True)
class Query:
    """What goods are asked for; the tables that several rules read are made once."""

    view: LakeView
    """The shop's facts."""
    people: ir.Table
    """Distinct `person_id`s."""
    goods: Goods
    """The step's wish."""
    shop: Shop
    """Whose goods; money is in its currency."""
    as_of: datetime
    """The instant."""
    told: ir.Table | None = field(default=None)
    """(person_id, sku) of price and stock notices within their window; those articles are not told of again."""
    among: ir.Table | None = field(default=None)
    """Distinct `person_id`s of everybody asked about in this reading; what steps share is then worked out once."""

    min_affinity_rate: float = 0.0
    """For new articles: the least of a person's looks and purchases of 60 days that lie in their category."""

    @cached_property
    def on_sale(self) -> ir.Table:
        """What can be bought now, as in `shelf.on_sale`."""
        ceiling = self.goods.price_ceiling
        most = None if ceiling is None else ceiling.amount_minor
        return self._once(f"on_sale_{most}", lambda: shelf.on_sale(self.view, self.shop, self.as_of, most))

    @cached_property
    def bought(self) -> ir.Table:
        """(person_id, sku, category, quantity, event_at, order_fact_id) of these people's purchases, gifts included."""
        return self._of_people("bought", shelf.bought)

    @cached_property
    def returned(self) -> ir.Table:
        """(person_id, sku) of what these people sent back."""
        return self._of_people("returned", shelf.returned)

    @cached_property
    def looked(self) -> ir.Table:
        """(person_id, sku, category, event_at) of what these people viewed or put in a cart."""
        return self._of_people("looked", shelf.looked)

    @cached_property
    def interest(self) -> ir.Table:
        """(person_id, category): the category each person is about, as in `shelf.interests`."""
        return self._of_people("interest", shelf.interests)

    @cached_property
    def pages(self) -> ir.Table:
        """(page_sku, url) of each article."""
        return self._once("pages", lambda: shelf.pages_of(self.view))

    @cached_property
    def pairs(self) -> ir.Table:
        """Which articles are bought together, as in `pairs.pairs`."""
        return self._once("pairs", lambda: pairs(self.view, self.as_of))

    @cached_property
    def cycles(self) -> ir.Table:
        """How long goods last, as in `cycles.cycles`."""
        return self._once("cycles", lambda: cycles(self.view, self.as_of))

    def _of_people(self, name: str, read: Callable[[LakeView, datetime], ir.Table]) -> ir.Table:
        among = self.people if self.among is None else self.among
        rows = self._once(name, lambda: read(self.view, self.as_of).semi_join(among, "person_id"))
        return rows if self.among is None else rows.semi_join(self.people, "person_id")

    def _once(self, name: str, make: Callable[[], ir.Table]) -> ir.Table:
        """Work out what steps of one reading share; a question that stands alone is asked in one go."""
        return make() if self.among is None else self.view.once(f"goods_{name}", make)


@dataclass(frozen=True)
class GoodsRule:
    """One way to pick goods."""

    id: GoodsRuleId
    """Its name in plans."""
    options: Callable[[Query], ir.Table]
    """Gives `OPTION_COLUMNS`: articles per person, the smaller `place` the better."""
    keeps_bought: bool = False
    """Whether it speaks of what the person has bought or sent back; all others leave that out."""
    is_notice: bool = False
    """Whether it tells of one article whose price or stock changed, once per window."""
    is_of_interest: bool = False
    """Whether it shows the category a person is about, so that the page viewed last in it leads on."""
    needs_stock: bool = True
    """Whether what it shows must be on sale and in stock, at the tick and at hand-off."""

    @property
    def n_shown(self) -> int:
        """How many articles a message shows."""
        return 1 if self.is_notice else N_SHOWN


def shaped(table: ir.Table, **columns: Any) -> ir.Table:
    """Give the columns every rule answers with; evidence that is not given is null."""
    known = set(table.columns)
    nothing = {name: ibis.null(kind) for name, kind in EVIDENCE.items() if name not in columns and name not in known}
    return table.mutate(**columns, **nothing).select(*OPTION_COLUMNS)
