"""Guardrails as form fields."""

import pytest

from agent.guardrails.setting import starting_guardrails
from api.ui.shell.words import LANGUAGES, words
from api.ui.start.limits import GROUPS, LIMITS, changed
from memory.domain.errors import InvalidInput

START = starting_guardrails("EUR")


def test_what_nobody_changed_keeps_its_version() -> None:
    assert changed(START, {one.name: one.read(START) for one in LIMITS}).version == START.version


@pytest.mark.parametrize("name", [one.name for one in LIMITS])
def test_each_field_writes_what_it_reads_and_nothing_else(name: str) -> None:
    limit = next(one for one in LIMITS if one.name == name)
    wanted = limit.read(START) + 1
    made = changed(START, {name: wanted})
    assert limit.read(made) == pytest.approx(wanted)
    assert [one.name for one in LIMITS if one.read(made) != one.read(START)] == [name]


@pytest.mark.parametrize(
    ("name", "number"),
    [("holdout", 101), ("opens", 25), ("plan_budget", None), ("approval", 0), ("share_low", 90), ("reach", -1)],
)
def test_a_number_that_cannot_be_is_named(name: str, number: float | None) -> None:
    with pytest.raises(InvalidInput):
        changed(START, {name: number})


def test_a_currency_without_cents_is_typed_in_whole_units() -> None:
    yen = starting_guardrails("JPY")
    assert changed(yen, {"plan_budget": 450_000}).plan_budget.amount_minor == 450_000


def test_every_field_has_its_name_and_its_reason_in_both_languages() -> None:
    for language in LANGUAGES:
        say = words(language)
        assert all(say("start", "limit_groups", group) for group, _ in GROUPS)
        assert all(say("start", "limits", one.name) and say("start", "reasons", one.name) for one in LIMITS)
