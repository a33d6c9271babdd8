import pytest

from api.ui.guardrails.form import FIELDS
from api.ui.guardrails.said import SAID, said
from api.ui.shell.words import UiLanguage, words
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money

LIMITS = Guardrails(plan_budget=Money(amount_minor=3_000_000, currency="EUR"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_limit_is_said_with_its_name_and_why_and_no_hole_stays(language: UiLanguage) -> None:
    say = words(language)
    assert SAID.keys() == Guardrails.model_fields.keys()
    for name in Guardrails.model_fields:
        text = said(LIMITS, name, say)
        assert text and "{" not in text
        assert say("guardrails", "names", name) and say("guardrails", "why", name)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_input_and_every_mistake_has_its_words(language: UiLanguage) -> None:
    say = words(language)
    for fields in FIELDS.values():
        for field in fields:
            assert say("guardrails", "fields", field.path.replace(".", "_"))
            assert say("guardrails", "wrong", field.kind)


def test_values_carry_their_unit() -> None:
    say = words("en")
    assert said(LIMITS, "plan_budget", say) == "at most €30,000"
    assert said(LIMITS, "frequency_caps", say) == "Promotional: at most 2 in 7 days, Service: at most 3 in 7 days"
    assert said(LIMITS, "quiet_hours", say) == "09:00 to 20:00, the recipient's clock"
