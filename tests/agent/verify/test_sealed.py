"""Certificates: what the tick writes is what the checker reads, and nothing else is."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.domain.canonical import canonical_json
from memory.domain.certificate import (
    SEAL_DIGITS,
    UNITS,
    Certificate,
    issue,
    read_certificate,
    renew,
    sealed,
    sealing_key,
)
from memory.domain.outcome import Allowed, Blocked, Denied
from tests.factories.plans import SEND_AT, candidate
from tests.factories.verify import KEY, judged, plan_now, promised


def of(row: dict[str, Any], **changes: Any) -> Certificate:
    read = read_certificate(KEY, promised(row, plan_now(), **changes).certificate)
    assert isinstance(read, Certificate), read
    return read


@pytest.mark.parametrize(
    "row",
    [
        candidate(),
        candidate(last_order_at=None, language=None, zone=None, n_promotional=4, n_value=4),
        candidate(message_class="service", message_kind="thank_you", channel="sms", is_local_holiday=True),
        candidate(offer_id="vip.points_multiple", discount_rate=0.049999, worst_margin_rate=0.1500004),
        candidate(person_id='p"\\\n', cohort="first_time", offer_id="x", worst_margin_rate=-0.2),
        candidate(message_class="transactional", message_kind="order_confirmation"),
    ],
)  # fmt: skip
def test_the_columns_write_the_canonical_json_of_the_value(row: dict[str, Any]) -> None:
    text = promised(row, plan_now()).certificate
    certificate = of(row)
    assert text[SEAL_DIGITS:] == canonical_json(certificate).decode()
    assert text == issue(KEY, certificate)


def test_each_limit_says_what_was_measured_and_what_was_left_in_its_unit() -> None:
    limits = {limit.name: limit for limit in of(candidate(n_sent_window=1, local_minute=600)).limits}
    assert [*limits] == [name for name in UNITS if name in limits]
    assert (limits["frequency_cap"].measured, limits["frequency_cap"].limit, limits["frequency_cap"].slack) == (2, 2, 0)
    assert (limits["opens"].slack, limits["closes"].slack, limits["opens"].unit) == (60, 599, "minutes")
    assert (limits["recent_buyer"].measured, limits["recent_buyer"].unit) == (20 * 86_400, "seconds")
    assert limits["promo_share"].measured == 250_000
    assert limits["budget"].measured == 1


def test_a_row_without_a_certificate_is_refused_with_that_reason() -> None:
    now = plan_now()
    verdict = judged(candidate(), now, promise=promised(candidate(), now, certificate=""))
    assert isinstance(verdict, Denied)
    assert verdict.codes == ("no_certificate",)


@pytest.mark.parametrize(
    "change",
    [
        {"send_key": "x"}, {"template": "thank_you@1"}, {"cost_millis": 0},
        {"person_id": "p2"}, {"language": "en"},
    ],
)  # fmt: skip
def test_b5_a_certificate_of_another_message_is_refused(change: dict[str, Any]) -> None:
    now = plan_now()
    verdict = judged(candidate(), now, promise=promised(candidate(), now, **change))
    assert isinstance(verdict, Denied)
    assert "certificate_mismatch" in verdict.codes


def test_a_certificate_of_another_installation_is_refused() -> None:
    verdict = judged(candidate(), key=b"another installation's key here.")
    assert isinstance(verdict, Denied)
    assert verdict.codes == ("certificate_mismatch",)


@given(at=st.integers(0, 10_000), to=st.sampled_from('0123456789abcdef"{},:'))
def test_any_changed_character_breaks_the_seal(at: int, to: str) -> None:
    text = GOOD.text
    at %= len(text)
    changed = text[:at] + to + text[at + 1 :]
    read = read_certificate(KEY, changed)
    assert (changed == text) == isinstance(read, Certificate)


@dataclass(frozen=True)
class _Good:
    text: str


GOOD = _Good(promised(candidate(), plan_now()).certificate)


@pytest.mark.parametrize("name", ["slack", "limit", "measured"])
def test_false_figures_under_the_right_seal_are_worked_out_anew(name: str) -> None:
    body = json.loads(GOOD.text[SEAL_DIGITS:])
    body["limits"][0][name] += 1
    assert _codes(body) >= {"certificate_mismatch"}


def test_a_limit_left_out_under_the_right_seal_is_missed() -> None:
    body = json.loads(GOOD.text[SEAL_DIGITS:])
    del body["limits"][0]
    assert _codes(body) == {"certificate_mismatch"}


def _codes(body: dict[str, Any]) -> set[str]:
    now = plan_now()
    text = sealed(sealing_key(KEY), json.dumps(body, sort_keys=True, separators=(",", ":")))
    verdict = judged(candidate(), now, promise=promised(candidate(), now, certificate=text))
    return set() if isinstance(verdict, Allowed) else set(verdict.codes)


def test_what_cannot_be_read_is_a_reason_and_no_error() -> None:
    for body in ("", "{}", "no json", '{"format":"second-order/certificate@2"}'):
        read = read_certificate(KEY, sealed(sealing_key(KEY), body))
        assert isinstance(read, Blocked)
        assert read.code == "certificate_mismatch"


def test_an_old_order_measures_whole_seconds() -> None:
    row = candidate(last_order_at=SEND_AT - timedelta(days=20, microseconds=1))
    assert {limit.name: limit.measured for limit in of(row).limits}["recent_buyer"] == 20 * 86_400


def test_a_step_with_a_window_names_the_day_it_was_decided_on() -> None:
    body = json.loads(GOOD.text[SEAL_DIGITS:])
    plan, step, person = body["decision_id"].split("/")
    assert _codes(body | {"decision_id": f"{plan}/{step}@2026-01-15/{person}"}) == set()
    assert _codes(body | {"decision_id": f"{plan}/{step}@today/{person}"}) == {"certificate_mismatch"}
    assert _codes(body | {"decision_id": f"{plan}/{step}@2026-01-15/another"}) == {"certificate_mismatch"}


def test_a_successor_of_the_plan_gets_a_certificate_of_its_own_and_a_forged_one_is_not_renewed() -> None:
    text = renew(KEY, GOOD.text, "f" * 64)
    old, new = read_certificate(KEY, GOOD.text), read_certificate(KEY, text)
    assert isinstance(old, Certificate)
    assert isinstance(new, Certificate)
    assert new.decision_id.partition("/")[::2] == ("f" * 12, old.decision_id.partition("/")[2])
    assert new.model_dump(exclude={"plan_id", "decision_id"}) == old.model_dump(exclude={"plan_id", "decision_id"})
    forged = "0" * SEAL_DIGITS + GOOD.text[SEAL_DIGITS:]
    assert renew(KEY, forged, "f" * 64) == forged
