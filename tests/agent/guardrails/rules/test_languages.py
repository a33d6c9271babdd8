from agent.guardrails.rules.languages import RULE
from memory.domain.brief import Brief
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, good_plan


def test_s2_15_a_plan_in_a_language_nobody_allowed_is_blocked() -> None:
    plan = good_plan().model_copy(update={"languages": ("de", "en", "it")})
    assert_blocks(RULE, plan, "language_not_allowed", alone=False)


def test_s2_15_people_of_other_languages_are_not_written_to_in_another() -> None:
    assert_row_blocked(RULE, language="it")
    assert_row_blocked(RULE, language=None)
    assert_row_passes(language="fr")


def test_a_brief_narrows_the_languages() -> None:
    assert guarded_by_brief("de") == [RULE.id]
    assert guarded_by_brief("en") == []


def guarded_by_brief(language: str) -> list[str]:
    from tests.factories.plans import candidate, guarded

    return guarded(candidate(language=language), brief=Brief(languages=("en",)))[0]
