from datetime import UTC, datetime
from typing import get_args

import pytest

from agent.guardrails.look_back_record import Basis, LimitEffect, LookBack
from api.ui.guardrails.view import difference, limits_list, looked_back, versions_table
from api.ui.shell.words import UiLanguage, words
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.store.guardrail_versions import GuardrailVersion

AT = datetime(2026, 6, 30, 12, tzinfo=UTC)
LIMITS = Guardrails(plan_budget=Money(amount_minor=3_000_000, currency="EUR"))


def _eur(minor: int) -> Money:
    return Money(amount_minor=minor, currency="EUR")


def _effect(basis: Basis, **given: int) -> LimitEffect:
    money = {name: _eur(100) for name in ("cost_blocked", "value_blocked", "cost_opened", "value_opened")}
    return LimitEffect(field="recent_buyer_days", basis=basis, **money, **given)


def _found(*effects: LimitEffect, n: int = 10) -> LookBack:
    return LookBack(
        since=datetime(2026, 5, 31, tzinfo=UTC), until=AT, is_recent=True, n_messages=n, cost=_eur(500), n_unknown=1,
        n_blocked=3, cost_blocked=_eur(150), value_blocked=_eur(900), effects=effects,
    )  # fmt: skip


def test_what_would_have_been_held_back_is_told_with_its_money() -> None:
    html = looked_back(_found(_effect("rows", n_blocked=3, n_opened=2, n_worth=1)), words("en"), "Europe/Berlin")
    assert "3 messages that left would have been held back; they cost €1.00" in html
    assert "2 times nothing was sent because of this limit alone; 1 of them were worth a message" in html
    assert "not kept any more and that are in no figure: 1" in html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_basis_has_its_sentence(language: UiLanguage) -> None:
    for basis in get_args(Basis):
        html = looked_back(_found(_effect(basis, n_blocked=3)), words(language), "Europe/Berlin")
        assert "{" not in html


def test_no_change_and_no_message_say_so() -> None:
    assert "Change a limit" in looked_back(_found(), words("en"), "Europe/Berlin")
    assert "No message left in this time" in looked_back(_found(n=0), words("en"), "Europe/Berlin")


def test_versions_are_listed_newest_first_and_notes_are_never_markup() -> None:
    one = GuardrailVersion(version="a" * 64, guardrails=LIMITS, set_by="mia", set_at=AT, note="<img src=x>")
    html = versions_table((one, one), 2, words("en"), "Europe/Berlin")
    assert html.index("Version 2") < html.index("Version 1")
    assert "<img" not in html and "&lt;img src=x&gt;" in html
    assert html.count("in force") == 1


def test_a_difference_shows_both_values() -> None:
    other = LIMITS.model_copy(update={"recent_buyer_days": 14})
    html = difference(LIMITS, other, ("recent_buyer_days",), words("en"), ("old", "new"), "changes")
    assert "<del>no promotion for 7 days after an order</del>" in html
    assert "<ins>no promotion for 14 days after an order</ins>" in html
    assert "Nothing differs" in difference(LIMITS, LIMITS, (), words("en"), ("old", "new"), "changes")
    assert "Discount ceiling" in limits_list(LIMITS, words("en"))
