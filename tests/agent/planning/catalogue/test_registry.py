"""The catalogue as a whole: ids, classes, phases, offers, care."""

import pytest

from agent.guardrails.checking import check_plan
from agent.planning.catalogue import CATALOGUE, StepTemplate, template_of
from agent.planning.commands.words import find_template
from agent.planning.compose import compose
from agent.planning.draft import DraftStep
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.message import MESSAGE_CLASS
from memory.domain.plan import PHASE_DAYS, Plan
from tests.factories.planning import context
from tools.offers.registry import OFFER_KINDS


def test_ids_are_unique_and_found() -> None:
    assert len({template.id for template in CATALOGUE}) == len(CATALOGUE)
    assert all(template_of(template.id) is template for template in CATALOGUE)
    assert template_of("rocket") is None


@pytest.mark.parametrize("template", CATALOGUE, ids=lambda template: template.id)
def test_a_template_is_complete_and_within_its_phases(template: StepTemplate) -> None:
    assert set(template.title) == {"en", "zh"}
    assert template.why
    assert set(template.offers) <= set(OFFER_KINDS)
    assert template.offers or not template.needs_offer
    if not template.months:
        allowed = [range(PHASE_DAYS[phase][0], PHASE_DAYS[phase][1] + 1) for phase in template.phases]
        assert all(any(day in span for span in allowed) for day in template.days.values())


@pytest.mark.parametrize("template", CATALOGUE, ids=lambda template: template.id)
def test_b5_the_class_comes_from_the_kind(template: StepTemplate) -> None:
    assert template.message_class == MESSAGE_CLASS[template.kind]
    if template.message_class == "transactional":
        assert template.owner == "shop"
        assert not template.offers


@pytest.mark.parametrize("template", CATALOGUE, ids=lambda template: template.id)
def test_dc_07_a_marketer_can_name_it_in_both_languages(template: StepTemplate) -> None:
    for title in template.title.values():
        assert find_template(title.lower()) is template


def test_s1_39_s1_40_care_carries_no_offer() -> None:
    care = ("thank_you", "onboarding", "product_knowledge", "care_guide", "styling_inspiration")
    assert all(not template.offers for template in CATALOGUE if template.kind in care)


def test_s2_37_every_cohort_has_its_own_set_of_templates() -> None:
    sets = [frozenset(each.id for each in CATALOGUE if cohort in each.days) for cohort in COHORTS]
    assert len(set(sets)) == len(COHORTS)


def test_s2_29_the_playbook_uses_no_discount_by_itself() -> None:
    assert not [template for template in CATALOGUE if "discount" in template.offers and template.days]


@pytest.mark.parametrize(("day", "code"), [(18, ""), (24, "cap_exceeded")])
def test_s1_30_a_plan_that_adds_the_invitation_to_a_community_is_held_to_every_guardrail(day: int, code: str) -> None:
    given = context()
    draft = PlaybookPlanner().draft(Brief(), given)
    steps = (*draft.journeys["first_time"], DraftStep(template="community_invitation", day=day))
    changed = draft.model_copy(update={"journeys": {**draft.journeys, "first_time": steps}})
    plan = compose(changed, Brief(), given, PlaybookPlanner.ref)
    assert isinstance(plan, Plan), plan
    added = [step for step in plan.steps() if step.kind == "community_invitation"]
    assert [(step.day, step.message_class) for step in added] == [(day, "promotional")]
    assert [found.code for found in check_plan(plan, given.guardrails, given)] == ([code] if code else [])
