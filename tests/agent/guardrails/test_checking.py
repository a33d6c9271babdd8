from pathlib import Path

import pytest

from agent.guardrails import RULES, check_plan
from agent.guardrails.rule import RuleBase
from memory.domain.facts import CANDIDATES_SCHEMA
from tests.factories.plans import candidate, edit_step, good_context, good_plan, guarded, move_step

TESTS = Path(__file__).parent / "rules"


def test_the_playbook_s_plan_passes_every_rule() -> None:
    assert check_plan(good_plan(), good_context().guardrails, good_context()) == ()


def test_nothing_matched_means_blocked() -> None:
    (reason,) = check_plan(good_plan(), good_context().guardrails, good_context(), [])
    assert reason.code == "no_rule"
    assert guarded(candidate(), rules=[]) == [["no_rule"]]


def test_c3_all_reasons_are_kept_and_the_plan_is_left_as_it_is() -> None:
    bad = move_step(edit_step(good_plan(), "vip.thank_you", local_minute=3), "reactivated.newest_goods", 2)
    before = bad.id
    reasons = check_plan(bad, good_context().guardrails, good_context())
    assert {reason.rule for reason in reasons} == {"quiet_hours", "recent_buyer"}
    assert bad.id == before


def test_c3_all_reasons_of_a_row_are_kept() -> None:
    (reasons,) = guarded(candidate(arm="control", has_consent=False, is_suppressed=True, local_minute=3))
    assert reasons == ["consent", "holdout", "quiet_hours", "suppression"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_is_and_has_its_tests(rule: RuleBase) -> None:
    module = type(rule).__module__.rpartition(".")[2]
    assert (TESTS / f"test_{module}.py").exists()
    assert type(rule).__doc__
    assert set(rule.columns) <= set(CANDIDATES_SCHEMA.names)
    assert set(rule.needs) <= set(type(good_context()).model_fields)


def test_rule_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES) == 30


def test_dc_05_the_same_plan_gives_the_same_reasons() -> None:
    bad = move_step(good_plan(), "reactivated.newest_goods", 2)
    first, second = (check_plan(bad, good_context().guardrails, good_context()) for _ in range(2))
    assert first == second != ()
