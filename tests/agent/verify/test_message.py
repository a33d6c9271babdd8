"""What the second checker works out anew for each message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.verify.hours import hours
from memory.domain.handover import MarketNow, Slot
from memory.domain.message import MESSAGE_CLASS
from memory.domain.outcome import Allowed, Denied
from memory.domain.plan import Plan
from tests.factories.plans import SEND_AT, candidate, edit_step, good_plan
from tests.factories.verify import figures, judged, market_now, person_of, plan_now, promised
from tools.markets import load_markets

AT = SEND_AT


def codes(**more: Any) -> set[str]:
    verdict = judged(candidate(), **more)
    return set() if isinstance(verdict, Allowed) else set(verdict.codes)


@pytest.mark.parametrize(
    ("age", "is_free"),
    [(timedelta(days=7), True), (timedelta(days=7) - timedelta(microseconds=1), False), (timedelta(0), False)],
)
def test_b2_the_window_rolls_and_both_its_edges_are_exact(age: timedelta, is_free: bool) -> None:
    """A slot taken exactly seven days ago is free again; no calendar day has a say in it."""
    slots = tuple(Slot(f"old{n}", "promotional", AT - age) for n in range(2))
    found = codes(person=person_of(candidate(), slots=slots), at=AT)
    assert found == (set() if is_free else {"frequency_cap"})


def test_b2_midnight_and_another_zone_change_nothing() -> None:
    """Two messages at 23:59 and 00:01 are two messages of one rolling window, whatever day it is where."""
    midnight = datetime(2026, 12, 14, 23, 0, tzinfo=UTC)
    slots = (Slot("a", "promotional", midnight - timedelta(minutes=1)), Slot("b", "promotional", midnight))
    assert codes(person=person_of(candidate(), slots=slots), at=AT) == {"frequency_cap"}
    assert codes(person=person_of(candidate(), slots=slots[:1]), at=AT) == set()


def test_b2_its_own_slot_and_other_classes_do_not_count() -> None:
    now = plan_now()
    own = promised(candidate(), now).send_key
    slots = (
        Slot(own, "promotional", AT),
        Slot("a", "promotional", AT),
        *(Slot(f"s{n}", "service", AT) for n in range(9)),
    )
    assert codes(person=person_of(candidate(), slots=slots), at=AT) == set()


def test_b3_every_candidate_zone_has_to_be_open() -> None:
    assert codes(person=person_of(candidate(), zones=("Europe/Berlin", "Europe/Lisbon")), at=AT) == set()
    assert "quiet_hours" in codes(person=person_of(candidate(), zones=("Europe/Berlin", "Pacific/Auckland")), at=AT)
    assert "zone_unknown" in codes(person=person_of(candidate(), zones=("Mars/Olympus",)), at=AT)


def test_b3_without_a_zone_every_zone_of_the_country_has_to_be_open() -> None:
    """Noon in New York is six in the morning in Honolulu; at 20:30 UTC all of the United States is awake."""
    now, person = plan_now(), person_of(candidate(), zones=())
    promise = promised(candidate(), now)._replace(message_class="service")
    noon = hours(promise, person, now, market_now("US"), datetime(2026, 12, 15, 17, tzinfo=UTC))
    assert {reason.code for reason in noon} == {"quiet_hours"}
    assert hours(promise, person, now, market_now("US"), datetime(2026, 12, 15, 20, 30, tzinfo=UTC)) == ()


@pytest.mark.parametrize(
    ("zone", "local", "is_open"),
    [
        ("America/Chicago", "2026-12-13T12:00", True),  # Sunday noon in Texas
        ("America/Chicago", "2026-12-13T11:59", False),
        ("America/Chicago", "2026-12-14T09:00", True),
        ("America/Chicago", "2026-12-14T19:59", True),
        ("America/Chicago", "2026-12-14T20:00", False),  # Oklahoma and Mississippi close at eight
        ("America/New_York", "2026-12-14T18:00", False),  # Rhode Island closes at six on weekdays
        ("America/New_York", "2026-12-12T09:30", False),  # and opens at ten on Saturdays
        ("America/Los_Angeles", "2026-12-14T19:59", True),
    ],
)
def test_b3_state_hours_bind_everybody_in_the_state_s_zones(zone: str, local: str, is_open: bool) -> None:
    from zoneinfo import ZoneInfo

    from memory.domain.guardrails import QuietHours
    from tests.factories import planning
    from tools.timing import hours_for, is_allowed

    rails = planning.guardrails(quiet_hours=QuietHours(opens_minute=0, closes_minute=1440))
    now = plan_now(guardrails=rails)
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    promise = promised(candidate(), now)._replace(channel="sms")
    us = load_markets().get("US")
    found = hours(promise, person_of(candidate(), zones=(zone,)), now, MarketNow(us, frozenset()), at)
    assert (not found) == is_open
    assert is_allowed(at, [zone], hours_for(rails, us, "sms", "promotional")) == is_open


@pytest.mark.slow
def test_b5_two_hundred_promotions_labelled_as_receipts_are_all_refused() -> None:
    """By plan and by message: the class comes from the kind, whatever the label says."""
    from agent.guardrails import check_plan
    from agent.verify import verify_plan
    from tests.factories.plans import good_context

    n = 0
    for step in (step for step in good_plan().steps() if step.message_class == "promotional"):
        for label in ("transactional", "service"):
            for kind in (step.kind, "order_confirmation", "shipping_notice"):
                for offer in (step.offer_id or good_plan().offers[0].id, good_plan().offers[-1].id):
                    plan: Plan = edit_step(good_plan(), step.id, message_class=label, kind=kind, offer_id=offer)
                    assert check_plan(plan, good_context().guardrails, good_context())
                    verdict = verify_plan(plan_now(plan), ())
                    assert isinstance(verdict, Denied)
                    assert "message_class" in {reason.rule for reason in verdict.reasons}
                    n += 1
        if n >= 200:
            break
    assert n >= 200


def test_b5_a_receipt_carries_no_offer_whatever_the_row_says() -> None:
    now = plan_now()
    for kind in (kind for kind, of in MESSAGE_CLASS.items() if of == "transactional"):
        row = candidate(message_kind=kind, message_class="transactional", offer_id="vip.points_multiple")
        verdict = judged(row, now)
        assert isinstance(verdict, Denied)
        assert "offer_in_disguise" in verdict.codes


@settings(max_examples=25)
@given(share=st.integers(0, 1_000_000))
def test_b6_a_floor_is_held_to_the_margin_of_now(share: int) -> None:
    """Whatever the margin becomes after the approval, at or above the floor it goes and below it does not."""
    offer = good_plan().offer("vip.points_multiple")
    assert offer is not None
    from agent.verify.price import price

    now = plan_now(figures=figures(margins={"": share / 1_000_000}))
    row = candidate(step_id="vip.points_multiple", message_kind="points_multiple", offer_id=offer.id)
    at = datetime.combine(offer.limits.valid_from, datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)
    promise = promised(candidate(), now)._replace(offer_id=row["offer_id"])
    is_low = any(reason.code == "below_margin_floor" for reason in price(promise, now, at))
    plain = plan_now(figures=figures(margins={"": 0.55}))
    assert not price(promise, plain, at)
    if share <= 150_000:  # the offer costs something, so at the bare floor it is below
        assert is_low
    if share >= 900_000:
        assert not is_low


@pytest.mark.parametrize("currency", ["JPY", "KWD", "USD"])
def test_b6_an_offer_in_another_currency_is_no_offer(currency: str) -> None:
    row = candidate(step_id="vip.points_multiple", message_kind="points_multiple", offer_id="vip.points_multiple")
    verdict = judged(row, plan_now(figures=figures(currency=currency)))
    assert isinstance(verdict, Denied)
    assert "mixed_currency" in verdict.codes
