import pytest

from agent.planning.catalogue import CATALOGUE
from agent.planning.explaining import explain
from agent.planning.wording import WHY
from memory.domain.errors import NotFound
from tests.factories.plans import good_plan
from tools.offers.registry import BUILDERS


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dc_07_every_step_and_offer_can_say_why(language: str) -> None:
    for step in good_plan().steps():
        assert str(step.due_on) in explain(good_plan(), step.id, language)
    for offer in good_plan().offers:
        assert offer.id in explain(good_plan(), offer.id, language)


def test_why_is_told_in_the_language_asked_for() -> None:
    english = explain(good_plan(), "journeys.vip.steps.vip.early_access", "en")
    assert "because it rewards loyal buyers" in english
    assert "因为用优先权或积分回馈忠诚客户" in explain(good_plan(), "vip.early_access", "zh")


@pytest.mark.parametrize("path", ["budget", "budget.total", "holdout", "forecast", "goal", "vip", "journeys.vip"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_head_of_a_plan_can_say_why(path: str, language: str) -> None:
    assert len(explain(good_plan(), path, language)) > 10


def test_the_forecast_names_its_source() -> None:
    assert "assumption:playbook-priors-v1" in explain(good_plan(), "forecast")


def test_nothing_there_is_said() -> None:
    with pytest.raises(NotFound):
        explain(good_plan(), "vip.rocket")


def test_every_reason_code_has_words_in_both_languages() -> None:
    used = {code for template in CATALOGUE for code in template.why} | {c for builder in BUILDERS for c in builder.why}
    assert used <= set(WHY)
    assert all(set(words) == {"en", "zh"} for words in WHY.values())
