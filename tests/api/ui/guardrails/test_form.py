from typing import Any

import pytest

from api.ui.guardrails.form import FIELDS, GROUPS, changed, plain, shown
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.domain.release import ReleaseRule

LIMITS = Guardrails(plan_budget=Money(amount_minor=3_000_000, currency="EUR"))


def _all() -> dict[str, Any]:
    return {field.path: shown(LIMITS, field) for fields in FIELDS.values() for field in fields}


def test_every_limit_stands_in_one_group_and_has_its_inputs() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(FIELDS) == sorted(Guardrails.model_fields)


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    assert changed(LIMITS, _all(), "EUR") == ({}, {})


@pytest.mark.parametrize(
    ("path", "text", "field", "value"),
    [
        ("plan_budget", "20,000.50", "plan_budget", {"amount_minor": 2_000_050, "currency": "EUR"}),
        ("min_holdout_rate", "12.5", "min_holdout_rate", 0.125),
        ("min_margin_rate", "-5 %", "min_margin_rate", -0.05),
        ("max_reach", "50,000", "max_reach", 50_000),
        ("link_domains", "Shop.example; mail.example", "link_domains", ["shop.example", "mail.example"]),
        ("channels", ["sms", "email"], "channels", ["email", "sms"]),
    ],
)
def test_words_in_an_input_become_the_limit(path: str, text: Any, field: str, value: Any) -> None:
    found, wrong = changed(LIMITS, _all() | {path: text}, "EUR")
    assert (found, wrong) == ({field: value}, {})


def test_parts_of_a_limit_change_alone() -> None:
    given = _all() | {
        "quiet_hours.opens_minute": "10:30", "frequency_caps.service.max_messages": "1",
        "discount_ceiling.vip": "0", "release.max_bounce_rate": "1", "budget_share.period_budget": "100000",
    }  # fmt: skip
    found, wrong = changed(LIMITS, given, "EUR")
    assert wrong == {}
    limits = Guardrails.model_validate(LIMITS.model_dump(mode="json") | found)
    assert limits.quiet_hours.opens_minute == 630 and limits.quiet_hours.closes_minute == 1200
    assert [(cap.message_class, cap.max_messages) for cap in limits.frequency_caps] == [
        ("promotional", 2),
        ("service", 1),
    ]
    assert limits.discount_ceiling == LIMITS.discount_ceiling | {"vip": 0.0}
    assert limits.release == ReleaseRule(max_bounce_rate=0.01)
    assert str(limits.budget_share.period_budget) == "100,000.00 EUR"


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("plan_budget", "many", "money"), ("min_price_ratio", "140", "share"), ("recent_buyer_days", "soon", "whole"),
        ("quiet_hours.opens_minute", "25:00", "clock"), ("languages", [], "languages"), ("plan_budget", "", "money"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_is_asked_for(path: str, text: Any, kind: str) -> None:
    found, wrong = changed(LIMITS, _all() | {path: text}, "EUR")
    assert (found, wrong) == ({}, {path: kind})


def test_release_rules_that_nobody_set_are_shown_as_they_hold() -> None:
    assert plain(LIMITS)["release"] == ReleaseRule().model_dump(mode="json")
