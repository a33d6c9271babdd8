"""Questions about other limits, in English and Chinese."""

import pytest

from agent.planning.commands.hypothetical import read_hypothetical
from agent.planning.what_if import AskedLimits
from memory.domain.brief import ExcludeChannel
from tests.factories.planning import eur
from tests.factories.plans import good_context


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("What if the budget were 3,000 EUR?", {"budget": eur(3000)}),
        ("如果预算是三千欧，会怎样？", {"budget": eur(3000)}),
        ("what if we allowed 3 promotional messages a week", {"promotional_cap": 3}),
        ("What if we allowed three messages per week?", {"promotional_cap": 3}),
        ("如果每周最多三条促销，会怎么样", {"promotional_cap": 3}),
        ("what if the margin floor were 30 %?", {"min_margin_rate": 0.3}),
        ("如果毛利下限是30%呢？", {"min_margin_rate": 0.3}),
        ("what if the price floor was 60%", {"min_price_ratio": 0.6}),
        ("what if the control group were 20 %?", {"holdout_rate": 0.2}),
        ("what if we spent 500 EUR and allowed 1 message a week?", {"budget": eur(500), "promotional_cap": 1}),
    ],
)
def test_limits_are_read(text: str, limits: dict[str, object]) -> None:
    found = read_hypothetical(text, good_context())
    assert found.limits == AskedLimits.model_validate(limits)
    assert found.changes == ()
    assert found.unknown == ()


@pytest.mark.parametrize("text", ["What if no SMS in Germany?", "如果德国别发短信，会怎样？"])
def test_other_wishes_become_changes_to_compare(text: str) -> None:
    found = read_hypothetical(text, good_context())
    assert found.changes == (ExcludeChannel(channel="sms", market="DE"),)
    assert found.unknown == ()


def test_what_nobody_understands_is_told() -> None:
    found = read_hypothetical("what if the moon were made of cheese", good_context())
    assert found.limits == AskedLimits()
    assert found.unknown
