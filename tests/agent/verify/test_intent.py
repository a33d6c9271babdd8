"""S2-22 at the second checker: the state is read off what the person did, and the certificate has to name it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.dispatch.intents import holds
from agent.tick.intents import IntentsThen
from agent.verify.intent import _holds, _state
from memory.domain.canonical import canonical_json
from memory.domain.certificate import Certificate, read_certificate
from memory.domain.handover import DeedsNow
from memory.domain.outcome import Allowed, Denied
from memory.domain.segment import AllOf, AnyOf, Everyone, Intends, NotOf, SegmentRule
from tests.factories.intents import plain_state
from tests.factories.plans import SEND_AT, candidate, good_plan
from tests.factories.verify import (
    ABANDONING,
    EXPLORING,
    KEY,
    certified,
    intents_of,
    judged,
    person_of,
    plan_now,
    promised,
)

RECEIVER = candidate(template="category_series@1")
"""The default candidate: a category series, for people who explore."""


def codes(deeds: DeedsNow | None = EXPLORING, **then: Any) -> tuple[str, ...]:
    now = plan_now()
    text = certified(RECEIVER, now.plan, now.guardrails, intents=then.get("intents", intents_of(now.plan, RECEIVER)))
    verdict = judged(
        RECEIVER, now, person=person_of(RECEIVER, deeds=deeds), promise=promised(RECEIVER, now, certificate=text)
    )
    return verdict.codes if isinstance(verdict, Denied) else ()


def test_s2_22_the_certificate_says_rule_state_and_instant() -> None:
    read = read_certificate(KEY, promised(RECEIVER, plan_now()).certificate)
    assert isinstance(read, Certificate)
    assert read.intent is not None
    assert (read.intent.rule, read.intent.state, read.intent.as_of) == (
        Intends(state="explore"),
        "explore",
        read.decided_at,
    )
    assert codes() == ()


@pytest.mark.parametrize(
    ("deeds", "code"),
    [
        (None, "intent_unknown"),
        (DeedsNow(), "intent_changed"),
        (ABANDONING, "intent_changed"),
        (DeedsNow(looked={"running": 4, "socks": 4}), "intent_changed"),
        (DeedsNow(looked={"running": 9}, bought=frozenset({"running"})), "intent_changed"),
    ],
)  # fmt: skip
def test_s2_22_who_is_in_another_state_by_now_is_refused(deeds: DeedsNow | None, code: str) -> None:
    assert codes(deeds) == (code,)


def test_s2_22_a_row_whose_certificate_names_no_state_is_refused() -> None:
    assert codes(intents=IntentsThen()) == ("no_intent",)


def test_s2_22_a_certificate_of_another_state_audience_or_instant_is_refused() -> None:
    then = intents_of(good_plan(), RECEIVER)
    others = {RECEIVER["step_id"]: canonical_json(Intends(state="abandon")).decode()}
    assert codes(intents=intents_of(good_plan(), RECEIVER, state="abandon")) == ("intent_missed",)
    assert codes(intents=then._replace(rules=others)) == ("certificate_mismatch",)
    assert codes(intents=then._replace(as_of=then.as_of - 1)) == ("certificate_mismatch",)


def test_s2_22_steps_that_ask_for_no_state_need_none() -> None:
    row = candidate(step_id="vip.cross_sell", message_kind="cross_sell", option_id="vip.cross_sell:email")
    now = plan_now()
    assert judged(row, now, person=person_of(row, deeds=None), promise=promised(row, now)) == Allowed()


DEEDS = st.lists(
    st.tuples(st.integers(0, 45 * 24), st.sampled_from(("view", "cart", "buy")), st.sampled_from(("running", "socks"))),
    max_size=14,
)


@given(DEEDS)
def test_s2_22_the_state_is_what_a_plain_reading_of_the_deeds_gives(told: list[tuple[int, str, str]]) -> None:
    deeds = [(SEND_AT - timedelta(hours=ago), act, category) for ago, act, category in told]
    assert _state(_counted(deeds), SEND_AT) == plain_state(deeds, SEND_AT)


def _counted(deeds: list[tuple[datetime, str, str]]) -> DeedsNow:
    looks = [category for _, act, category in deeds if act != "buy"]
    return DeedsNow(
        cart_at=max((at for at, act, _ in deeds if act == "cart"), default=None),
        ordered_at=max((at for at, act, _ in deeds if act == "buy"), default=None),
        looked={category: looks.count(category) for category in looks},
        bought=frozenset(category for _, act, category in deeds if act == "buy"),
    )


LEAVES: st.SearchStrategy[SegmentRule] = st.sampled_from(
    [Intends(state="explore"), Intends(state="abandon"), Everyone()]
)


def _joined(inner: st.SearchStrategy[SegmentRule]) -> st.SearchStrategy[SegmentRule]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(NotOf, of=inner), st.builds(AllOf, of=some), st.builds(AnyOf, of=some))


RULES = st.recursive(LEAVES, _joined, max_leaves=6)


@given(RULES, st.sampled_from(("explore", "abandon", "")))
def test_s2_22_both_checkers_read_a_rule_alike(rule: SegmentRule, state: str) -> None:
    assert _holds(rule, state) is holds(rule, state)
