"""S1-38: steps name an item of the library; what nobody knows, or no longer says the same, is refused."""

from agent.guardrails.rules.known import RULE as KNOWN
from agent.guardrails.rules.promo_ratio import RULE as RATIO
from agent.planning.compose import compose
from agent.planning.draft import DraftStep, PlanDraft
from memory.domain.brief import Brief
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, PlannerRef
from tests.factories import planning
from tests.factories.content import an_item


def composed(step: DraftStep, *items: object) -> Plan | tuple[Blocked, ...]:
    given = planning.context(content=items)
    rows = (DraftStep(template="thank_you"), step)
    return compose(PlanDraft(journeys={"vip": rows}), Brief(), given, PlannerRef(kind="playbook", version="1"))


def test_s1_38_a_step_names_the_item_and_the_plan_keeps_it_as_it_is() -> None:
    plan = composed(DraftStep(template="library_content", content="first_run"), an_item())
    assert isinstance(plan, Plan)
    (step,) = [step for step in plan.steps() if step.kind == "library_content"]
    assert step.content == an_item() and step.message_class == "service"
    again = composed(DraftStep(template="library_content", content="first_run"), an_item(title_words=("shoe",)))
    assert isinstance(again, Plan) and again.id != plan.id
    assert Plan.model_validate_json(plan.model_dump_json()).id == plan.id


def test_s1_38_steps_without_an_item_unknown_items_and_other_steps_are_refused() -> None:
    for step in (
        DraftStep(template="library_content"),
        DraftStep(template="library_content", content="second_run"),
        DraftStep(template="onboarding", content="first_run"),
    ):
        found = composed(step, an_item())
        assert isinstance(found, tuple)
        assert [reason.code for reason in found] == ["unknown_content"]


def test_s1_38_a_plan_from_outside_speaks_of_nothing_else_than_the_library_says_now() -> None:
    plan = composed(DraftStep(template="library_content", content="first_run"), an_item())
    assert isinstance(plan, Plan)
    for items, codes in (
        ((an_item(),), []),
        ((an_item(type="story"),), ["unknown_content"]),
        ((), ["unknown_content"]),
    ):
        facts = planning.context(content=items)
        found = [reason.code for reason in KNOWN.check_plan(plan, planning.guardrails(), facts)]
        assert [code for code in found if code == "unknown_content"] == codes


def test_s1_38_it_counts_as_value_in_the_share_of_promotions() -> None:
    def room(*steps: DraftStep) -> float:
        given = planning.context(content=(an_item(),))
        rows = (DraftStep(template="thank_you"), DraftStep(template="newest_goods"), *steps)
        plan = compose(PlanDraft(journeys={"vip": rows}), Brief(), given, PlannerRef(kind="playbook", version="1"))
        assert isinstance(plan, Plan)
        (journey,) = [journey for journey in plan.journeys if journey.cohort == "vip"]
        left = RATIO.room(plan.model_copy(update={"journeys": (journey,)}), planning.guardrails(), given)
        return left[0].left_number

    assert room(DraftStep(template="library_content", content="first_run")) > room()
