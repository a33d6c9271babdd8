from agent.guardrails.rules.broad_promo import RULE
from agent.planning.draft import DraftStep, PlanDraft
from agent.planning.playbook import playbook_journey
from memory.domain.brief import Brief
from tests.factories.planning import context
from tests.factories.plans import assert_blocks, compose_plan, edit_step, good_plan


def with_extra(template: str) -> PlanDraft:
    steps, _ = playbook_journey("reactivated", Brief(), context())
    kept = tuple(step for step in steps if step.template not in ("category_series_2", "cross_sell", "free_shipping"))
    return PlanDraft(journeys={"reactivated": (*kept, DraftStep(template=template, day=30))})


def test_s2_40_credit_on_everything_is_a_broad_promotion() -> None:
    plan = compose_plan(Brief(), context(), with_extra("store_credit"))
    assert_blocks(RULE, plan, "broad_promotion")


def test_s2_40_a_discount_is_a_broad_promotion_whatever_it_is_held_to() -> None:
    plan = edit_step(good_plan(), "reactivated.cross_sell", kind="discount_offer")
    assert_blocks(RULE, plan, "broad_promotion", alone=False)


def test_s2_40_the_playbook_s_journey_is_newest_goods_and_categories() -> None:
    kinds = [step.kind for step in good_plan().steps() if step.id.startswith("reactivated.")]
    assert {"newest_goods", "category_series"} <= set(kinds)
    assert not {"discount_offer", "store_credit"} & set(kinds)
