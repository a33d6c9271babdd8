"""Words of the plan's page whose paths come from data: every value has its word in both languages."""

from typing import get_args

import pytest

from agent.guardrails.registry import RULES
from agent.guardrails.room import Unit
from agent.planning.catalogue.template import FlowStep
from agent.planning.what_if import LimitId
from api.ui.plan.opened import PARTS
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.recipients import Why
from memory.domain.brief import GoalMetric


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_its_word(language: UiLanguage) -> None:
    say = words(language)
    for rule in RULES:
        assert say("plan_page", "rules", rule.id) and say("plan_page", "rules_about", rule.id)
    for folder, values in (
        ("parts", PARTS), ("limit_names", get_args(LimitId)), ("flow", get_args(FlowStep)), ("whys", get_args(Why)),
        ("goals", get_args(GoalMetric)), ("triggers", ("dated", "delivered", "intent")),
        ("units", [unit for unit in get_args(Unit) if unit != "money"]), ("bases", ("assumed", "measured")),
    ):  # fmt: skip
        for value in values:
            assert say("plan_page", folder, value)
