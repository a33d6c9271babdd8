"""Goods at the claim: what a message names is looked at again in the store, by the newest data version (S2-50).

Nothing here is shared with the rules that picked the goods: the claim knows only what is left and what it costs.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from memory.domain.plan import Plan, Step
from memory.store.goods_state import GoodsStateRow

OWNED = ("bought",)
"""Rules that speak of what the person has; nothing is offered, so nothing needs to be in stock."""


@dataclass(frozen=True)
class Shown:
    """What a message still may show."""

    link: str = ""
    """Where it leads; empty for the shop's front page."""
    items: tuple[tuple[str, str], ...] = ()
    """Title and address of each article."""
    is_link_needed: bool = False
    """Whether a message that may not lead there is not sent, rather than leading to the front page."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles alone."""
        return tuple(title for title, _ in self.items)


def skus_of(rows: Iterable[Any]) -> set[str]:
    """Give the articles these messages name."""
    return {item["sku"] for row in rows if row.goods for item in json.loads(row.goods)["items"]}


def still_shown(row: Any, plan: Plan, known: Mapping[str, GoodsStateRow], currency: str) -> Shown | str:
    """Give what of the message's goods stands now, or why the message has nothing left to say.

    Articles that are sold out, off sale, above the step's ceiling or dearer than a price notice says are dropped. A
    step that says nothing without goods ends as `sold_out` or `price_raised`.
    """
    if not row.goods:
        return Shown()
    packed: dict[str, Any] = json.loads(row.goods)
    if packed["rule"] in OWNED:
        return Shown(packed["link"], tuple((item["title"], item["url"]) for item in packed["items"]))
    step = next((step for step in plan.steps() if step.id == row.step_id), None)
    lost = {
        item["sku"]: _lost(item, packed["rule"], step, known.get(item["sku"]), currency) for item in packed["items"]
    }
    kept = [item for item in packed["items"] if not lost[item["sku"]]]
    if not kept and step is not None and step.goods is not None and step.goods.if_none == "skip":
        return next(iter(lost.values()), "no_goods")
    gone = {item["url"] for item in packed["items"] if lost[item["sku"]]}
    link = packed["link"] if packed["link"] not in gone else (kept[0]["url"] if kept else "")
    return Shown(link, tuple((item["title"], item["url"]) for item in kept))


def _lost(item: Mapping[str, Any], rule: str, step: Step | None, now: GoodsStateRow | None, currency: str) -> str:
    """Give why an article may not be named any more, or nothing."""
    if now is None or not now.is_active or not now.n_available or now.n_available <= 0:
        return "sold_out"
    if now.price_minor is None or now.currency != currency:
        return "price_unknown"
    ceiling = step.goods.price_ceiling if step is not None and step.goods is not None else None
    if ceiling is not None and now.price_minor > ceiling.amount_minor:
        return "price_raised"
    return "price_raised" if rule == "price_drop" and now.price_minor > item["price_minor"] else ""
