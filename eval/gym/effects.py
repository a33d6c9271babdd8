"""The true effects: how much a delivered message raises the chance of an order, and how soon that wears off.

Invented laws, the same for every run. No part of the product reads them; only the demo and the tests hold its
measured lift against what follows from them.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.message import MESSAGE_CLASS, MESSAGE_KINDS

from .catalogue import Floats, Ints
from .people import People

SENT_ROWS = pa.schema(
    [
        ("person", pa.int64()),  # position of the person
        ("when", pa.int64()),  # local seconds since the first day of the records
        ("kind", pa.string()),  # message kind
        ("channel", pa.string()),
        ("cohort", pa.string()),
        ("offer_id", pa.string()),  # empty for none
        ("send_key", pa.string()),
    ]
)
"""Messages that were handed off."""

STRENGTH = 1.6
"""Scales every kind: a plan like the playbook's then adds about five points of repeat purchase rate."""
FAST_DAYS = 7.0
"""After so many days a promotional message has lost all but 37 % of its effect."""
SLOW_DAYS = 14.0
"""The same for a service message."""
LOAD_DAYS = 7.0
"""The memory of how much one was written to."""
USUAL_DEPTH, DEPTH_SCALE = 0.12, 0.15
"""The depth at which money off works as its kind of message says, and how soon more of it adds little."""
PLAIN_SHARE = 0.4
"""What of such a message works on people whom money does not move at all."""

_KIND = dict.fromkeys(MESSAGE_KINDS, 0.0) | {
    "thank_you": 0.12, "onboarding": 0.22, "product_knowledge": 0.22, "care_guide": 0.20,
    "styling_inspiration": 0.24, "review_invitation": 0.10, "member_invitation": 0.18, "delivery_check": 0.08,
    "app_nudge": 0.10, "loyalty_status": 0.20, "next_plan_survey": 0.03, "newest_goods": 0.40,
    "category_series": 0.48, "replenishment_reminder": 0.60, "cross_sell": 0.45, "early_access": 0.55,
    "points_multiple": 0.50, "store_credit": 0.80, "free_shipping": 0.55, "gift_with_purchase": 0.62,
    "january_mission": 0.45, "referral_invitation": 0.10, "seasonal_reactivation": 0.55, "discount_offer": 0.75,
    "price_drop": 0.75, "back_in_stock": 0.75, "community_invitation": 0.10,
    "library_content": 0.05,
}  # fmt: skip
"""Added share of the daily chance on the day of delivery, by e-mail, for an average person."""
_CHANNEL = {"email": 1.0, "sms": 1.15, "push": 0.9, "onpage": 0.5}
_COHORT = {"first_time": 1.20, "reactivated": 1.0, "vip": 0.70, "discount_sensitive": 0.90}
_FITS = {
    ("first_time", "onboarding"): 1.3,
    ("first_time", "product_knowledge"): 1.3,
    ("reactivated", "newest_goods"): 1.3,
    ("reactivated", "category_series"): 1.3,
    ("vip", "early_access"): 1.5,
    ("vip", "points_multiple"): 1.4,
    ("discount_sensitive", "store_credit"): 1.4,
    ("discount_sensitive", "discount_offer"): 1.5,
}
"""Where a kind suits a cohort better, or worse, than others."""
_LATENT = np.array([0.7, 1.25, 1.0, 0.6])
"""Per hidden kind of person."""
_UNSUBSCRIBE = 0.0012


class Attention:
    """What the messages so far do to each person: two fading lifts of the daily chance, and a load."""

    def __init__(self, people: People, depths: Mapping[str, float] | None = None) -> None:
        """Start with nobody written to; `depths` says how deep each offer cuts (`reactions.depths`)."""
        self._people, self._depths = people, dict(depths or {})
        self._fast: Floats = np.zeros(people.n)
        self._slow: Floats = np.zeros(people.n)
        self._load: Floats = np.zeros(people.n)

    @property
    def lift(self) -> Floats:
        """The share by which each person's chance of an order is raised today."""
        total: Floats = self._fast + self._slow
        return total

    def fade(self) -> None:
        """Let one day pass."""
        self._fast *= np.exp(-1 / FAST_DAYS)
        self._slow *= np.exp(-1 / SLOW_DAYS)
        self._load *= np.exp(-1 / LOAD_DAYS)

    def read(self, sent: pa.Table) -> Floats:
        """Take in messages (`SENT_ROWS`) and give each one's chance of making its reader unsubscribe.

        A person who gets more than two messages a week reads each with less effect, and leaves more readily.
        """
        person = np.asarray(sent["person"], dtype=np.int64)
        np.add.at(self._load, person, 1.0)
        strength = self._strength(sent, person) / dulling(self._load[person])
        slow = np.array([MESSAGE_CLASS.get(kind) == "service" for kind in sent["kind"].to_pylist()], dtype=np.bool_)
        np.add.at(self._slow, person[slow], strength[slow])
        np.add.at(self._fast, person[~slow], strength[~slow])
        return annoyance(self._people, person, self._load[person])

    def _strength(self, sent: pa.Table, person: Ints) -> Floats:
        told = pc.binary_join_element_wise(
            *(sent[name].cast(pa.string()) for name in ("kind", "channel", "cohort", "offer_id")), "/"
        )
        kept = told.combine_chunks().dictionary_encode()
        words = [each.split("/", 3) for each in kept.dictionary.to_pylist()]
        which, laws = np.asarray(kept.indices), np.array([law(*each[:3]) for each in words], dtype=np.float64)
        cut = np.array([self._depths.get(each[3], 0.0) for each in words], dtype=np.float64)[which]
        strength: Floats = laws[which] * readiness(self._people, person) * appeal(self._people, person, cut)
        return strength


def law(kind: str, channel: str, cohort: str) -> float:
    """Give the share by which one message raises an average person's daily chance of an order on its first day."""
    fits = _FITS.get((cohort, kind), 1.0)
    return STRENGTH * _KIND[kind] * _CHANNEL.get(channel, 0.0) * _COHORT.get(cohort, 1.0) * fits  # type: ignore[index]


def readiness(people: People, person: Ints) -> Floats:
    """Give how much of a message's effect each person takes in; about 1 on average."""
    ready: Floats = np.minimum(np.sqrt(people.engagement[person]), 1.6) * _LATENT[people.latent[person]]
    return ready


def appeal(people: People, person: Ints, depth: Floats | float) -> Floats:
    """Give what money off multiplies a message's effect with, `depth` being its share of a usual basket, 0 for none.

    It rises with the depth, ever less, by how much money moves the person; about 1 on average at `USUAL_DEPTH`.
    """
    deep = (1.0 - np.exp(-np.asarray(depth) / DEPTH_SCALE)) / (1.0 - np.exp(-USUAL_DEPTH / DEPTH_SCALE))
    factor: Floats = np.where(
        np.asarray(depth) > 0, PLAIN_SHARE + (1.0 - PLAIN_SHARE) * people.sensitivity[person] * deep, 1.0
    )
    return factor


def dulling(load: Floats) -> Floats:
    """Give what each person divides a message's effect by, `load` being the messages still remembered, this one too."""
    divisor: Floats = 1.0 + 0.4 * _tired(load)
    return divisor


def annoyance(people: People, person: Ints, load: Floats) -> Floats:
    """Give the chance that a message makes each person unsubscribe, `load` being the messages still remembered."""
    chance: Floats = _UNSUBSCRIBE * (1.0 + 1.5 * _tired(load)) / np.sqrt(people.engagement[person])
    return chance


def _tired(load: Floats) -> Floats:
    over: Floats = np.maximum(load - 2.0, 0.0)
    return over
