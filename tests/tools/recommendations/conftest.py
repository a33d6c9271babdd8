from collections.abc import Callable
from typing import Any

import pytest

from memory.domain.money import Money
from memory.domain.plan import GoodsRuleId
from tests.tools.recommendations.shelves import shown
from tests.tools.recommendations.street import BACK, CHEAPER, street

Found = dict[str, list[dict[str, Any]]]
Ask = Callable[[GoodsRuleId], Found]
LIMITS: dict[str, Any] = {"under_price": {"price_ceiling": Money(amount_minor=5000, currency="EUR")}}
TOLD = (("told", CHEAPER), ("told", BACK))


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """What a rule shows everybody of the street; each rule is run once."""
    made = street()
    people = sorted({row["subject_id"] for row in made.facts.rows["orders"] + made.facts.rows["events"]})
    view = made.open(tmp_path_factory.mktemp("street"))
    answers: dict[GoodsRuleId, Found] = {}

    def answer(rule: GoodsRuleId) -> Found:
        if rule not in answers:
            answers[rule] = shown(view, rule, people, told=TOLD, **LIMITS.get(rule, {}))
        return answers[rule]

    return answer
