"""Points for a review with a photo: once, and only to who bought."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from memory.domain.errors import InvalidInput
from memory.domain.offer import Offer
from tests.factories.facts import SHOP, Facts
from tests.factories.offers import built
from tools.offers.earned import reviews_earned, window_of

from .january import REFERRAL

pytestmark = pytest.mark.slow
OFFER: Offer = built("review_points", "vip")
DAY = timedelta(days=1)
FIRST = window_of(OFFER, SHOP).starts_at


def earned(facts: Facts, folder: Path, offer: Offer = OFFER) -> list[dict[str, Any]]:
    with facts.open(folder) as view:
        rows = reviews_earned(view, SHOP, offer, window_of(offer, SHOP), FIRST + 90 * DAY)
        found: list[dict[str, Any]] = rows.order_by("person_id").to_pyarrow().to_pylist()
    return found


def test_s1_17_a_photo_review_credits_its_points_once(tmp_path: Path) -> None:
    facts = Facts()
    for person in ("ann", "bob", "cid", "dan"):
        facts.order(person, FIRST - 9 * DAY, {})
    for day in (1, 2, 5):
        facts.event("ann", FIRST + day * DAY, "photo_review", sku="shoe", value=5)
    facts.event("bob", FIRST + DAY, "review", sku="shoe", value=5)  # no photo
    facts.event("cid", FIRST - DAY, "photo_review", sku="shoe")  # before the offer
    facts.event("dan", FIRST + 3 * DAY, "photo_review", sku="shoe", value=1)  # the stars don't matter
    facts.event("eve", FIRST + 3 * DAY, "photo_review", sku="shoe")  # never bought
    rows = earned(facts, tmp_path)
    assert [(row["person_id"], row["status"], row["reason"]) for row in rows] == [
        ("ann", "earned", ""), ("dan", "earned", ""), ("eve", "blocked", "not_bought"),
    ]  # fmt: skip
    assert {row["points"] for row in rows} == {100} and rows[0]["earned_at"] == FIRST + DAY


def test_s1_17_a_refund_in_full_takes_the_points_back_and_the_offers_uses_end(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", FIRST - 9 * DAY, {}, refunded_minor=5000)
    facts.order("bob", FIRST - 9 * DAY, {})
    facts.order("cid", FIRST - 9 * DAY, {})
    for day, person in enumerate(("ann", "bob", "cid")):
        facts.event(person, FIRST + day * DAY, "photo_review")
    one = OFFER.model_copy(update={"limits": OFFER.limits.model_copy(update={"max_granted": 1})})
    assert [(row["person_id"], row["reason"]) for row in earned(facts, tmp_path, one)] == [
        ("ann", "not_bought"), ("bob", ""), ("cid", "budget_used_up"),
    ]  # fmt: skip


def test_an_offer_that_rewards_no_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="rewards no review"):
        earned(Facts(), tmp_path, REFERRAL)
