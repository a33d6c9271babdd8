"""Facts and picks for offer builders."""

from datetime import date
from typing import Any

from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from tests.factories.planning import BASKETS, category, eur
from tools.offers.building import build_offer
from tools.offers.facts import GiftFact, OfferFacts
from tools.offers.pick import OfferPick


def facts(**changes: Any) -> OfferFacts:
    given: dict[str, Any] = {
        "currency": "EUR",
        "categories": (category("shoes", 0.55), category("coats", 0.62), category("socks", 0.48)),
        "gifts": (GiftFact(sku="SOCK-1", cost=eur(3), price=eur(9), n_in_stock=500),),
        "baskets": BASKETS,
        "reach": {"vip": 640},
        "margin_rate": 0.55,
        "shipping_minor": 590,
        "ceilings": {"vip": 0.05, "reactivated": 0.10, "discount_sensitive": 0.15, "first_time": 0.10},
        "min_price_ratio": 0.75,
        "min_margin_rate": 0.15,
    }
    return OfferFacts(**{**given, **changes})


def pick(kind: str, cohort: str = "first_time", **changes: Any) -> OfferPick:
    given = {"id": f"{cohort}.{kind}", "kind": kind, "cohort": cohort, "starts_on": date(2026, 12, 29),
             "ends_on": date(2027, 1, 31)}  # fmt: skip
    return OfferPick(**{**given, **changes})


def built(kind: str, cohort: str = "first_time", known: OfferFacts | None = None, **changes: Any) -> Offer:
    made = build_offer(pick(kind, cohort, **changes), known or facts())
    assert isinstance(made, Offer), made
    return made


def refused(kind: str, cohort: str = "first_time", known: OfferFacts | None = None, **changes: Any) -> Blocked:
    made = build_offer(pick(kind, cohort, **changes), known or facts())
    assert isinstance(made, Blocked), made
    return made
