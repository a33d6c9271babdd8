import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.planning.compose import compose
from agent.planning.draft import DraftOffer, DraftStep, PlanDraft
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan
from tests.factories.planning import context, eur, guardrails
from tests.factories.plans import compose_plan, good_plan

REF = PlaybookPlanner.ref


def refused(draft: PlanDraft, brief: Brief | None = None) -> tuple[Blocked, ...]:
    made = compose(draft, brief or Brief(), context(), REF)
    assert isinstance(made, tuple)
    return made


@pytest.mark.slow
def test_dc_05_equal_inputs_give_an_equal_id_in_other_processes_with_other_hash_seeds() -> None:
    program = "from tests.factories.plans import good_plan; print(good_plan().id)"
    root = Path(__file__).parents[3]
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "4242")
    }
    assert found == {good_plan().id}


def test_a_cohort_the_draft_does_not_name_gets_the_playbook_s_journey() -> None:
    draft = PlanDraft(
        journeys={"vip": (DraftStep(template="thank_you"), DraftStep(template="points_multiple", day=20))}
    )
    plan = compose_plan(Brief(), context(), draft)
    assert [step.template for step in plan.journeys[0].steps] == ["thank_you", "points_multiple"]
    kept, playbook = plan.journeys[1].steps, good_plan().journeys[1].steps
    assert [(step.id, step.day) for step in kept] == [(step.id, step.day) for step in playbook]


def test_every_mistake_of_a_draft_is_named_at_once() -> None:
    draft = PlanDraft(
        journeys={
            "vip": (DraftStep(template="viral"), DraftStep(template="thank_you"), DraftStep(template="thank_you")),
            "first_time": (DraftStep(template="store_credit", offer="free_money"),),
        }
    )
    reasons = refused(draft)
    assert {reason.code for reason in reasons} == {"unknown_template", "step_twice", "unknown_offer_kind"}
    assert {"journeys.vip.0", "journeys.vip.2"} <= {reason.path for reason in reasons}


def test_figures_of_a_draft_are_taken_as_they_are() -> None:
    draft = PlanDraft(
        journeys={"first_time": (DraftStep(template="store_credit", day=28, offer="small"),)},
        offers=(DraftOffer(id="small", kind="store_credit", amount_minor=400, min_spend_minor=8000, valid_days=7),),
    )
    offer = compose_plan(Brief(), context(), draft).offer("first_time.small")
    assert offer is not None
    assert (offer.cost_per_use, offer.limits.min_spend, offer.discount_rate) == (eur(4), eur(80), 0.05)
    assert (offer.limits.valid_until - offer.limits.valid_from).days == 7


def test_a_draft_may_leave_an_offer_out() -> None:
    draft = PlanDraft(journeys={"vip": (DraftStep(template="review_invitation", offer="none"),)})
    assert compose_plan(Brief(), context(), draft).journeys[0].steps[0].offer_id is None


def test_the_brief_wins_over_the_draft() -> None:
    brief = Brief(moved_steps={"vip.cross_sell": 33}, removed_steps=("vip.thank_you",), holdout_rate=0.2)
    plan = compose_plan(brief, context())
    vip = {step.template: step.day for step in plan.journeys[0].steps}
    assert vip["cross_sell"] == 33
    assert "thank_you" not in vip
    assert plan.holdout.rate == 0.2


def test_dc_07_no_sms_in_germany_lowers_the_reach_of_texts_there() -> None:
    texts = PlanDraft(journeys={"vip": (DraftStep(template="thank_you", channels=("sms",)),)})
    everywhere = compose_plan(Brief(holdout_rate=0.0), context(), texts).journeys[0].steps[0].expected_reach
    abroad = compose_plan(Brief(holdout_rate=0.0, excluded=(("DE", "sms"),)), context(), texts)
    assert (everywhere, abroad.journeys[0].steps[0].expected_reach) == (240, 120)


def test_s2_16_the_control_group_is_left_out_of_reach_and_cost() -> None:
    small, large = (compose_plan(Brief(holdout_rate=rate), context()) for rate in (0.05, 0.5))
    assert large.journeys[0].steps[2].expected_reach * 19 == small.journeys[0].steps[2].expected_reach * 10


def test_a_journey_without_a_step_left_is_refused() -> None:
    assert [reason.code for reason in refused(PlanDraft(journeys={"vip": ()}))] == ["empty_journey"]


def test_s1_53_without_a_wish_the_budget_is_what_the_path_leaves() -> None:
    assert good_plan().budget.total == eur(15_000)
    tight = context(guardrails=guardrails(plan_budget=eur(9_000)))
    assert compose_plan(Brief(), tight).budget.total == eur(9_000)


def test_s1_53_a_budget_that_pays_not_even_the_sends_is_explained() -> None:
    (reason,) = refused(PlaybookPlanner().draft(Brief(), context()), Brief(budget=eur(1)))
    assert reason.code == "budget_below_sends"
    assert "Sending alone costs" in reason.message


def test_dc_07_a_small_budget_limits_offers_instead_of_breaking_the_worst_case() -> None:
    plan = compose_plan(Brief(budget=eur(2_000)), context())
    assert plan.budget.total == eur(2_000)
    assert plan.budget.worst_case_cost.amount_minor <= 200_000
    credit = plan.offer("first_time.store_credit")
    assert credit is not None
    assert credit.limits.max_granted is not None
    assert credit.limits.max_granted < 2280


def test_dc_07_a_prioritised_cohort_gets_the_money_first() -> None:
    plain = compose_plan(Brief(budget=eur(2_000)), context()).offer("vip.points_multiple")
    first = compose_plan(Brief(budget=eur(2_000), priority=("vip",)), context()).offer("vip.points_multiple")
    assert plain is not None and first is not None
    assert (first.limits.max_granted or 608) > (plain.limits.max_granted or 608)


def test_c3_bucket_shares_that_do_not_sum_to_one_are_refused() -> None:
    draft = PlaybookPlanner().draft(Brief(), context()).model_copy(update={"buckets": {"automation": 0.5}})
    assert [reason.code for reason in refused(draft)] == ["shares_not_whole"]


def test_early_access_goes_to_whom_the_brief_names() -> None:
    plan = compose_plan(Brief(early_access_first=("vip", "first_time")), context())
    assert {step.id for step in plan.steps() if step.kind == "early_access"} == {
        "vip.early_access", "first_time.early_access",
    }  # fmt: skip


def test_dc_01_a_plan_survives_its_own_json() -> None:
    again = Plan.model_validate_json(good_plan().model_dump_json())
    assert again == good_plan()
    assert again.id == good_plan().id


@pytest.mark.parametrize("field", ["title", "data_version", "guardrail_version"])
def test_any_change_changes_the_id(field: str) -> None:
    value = 99 if field == "data_version" else "other"
    assert good_plan().model_copy(update={field: value}).id != good_plan().id


def test_s2_02_a_new_plan_is_for_repeat_purchase_unless_the_brief_says_otherwise() -> None:
    assert Brief().goal.metric == "rpr"
    assert good_plan().goal.metric == "rpr"
    wished = Brief.model_validate({"goal": {"metric": "aov", "within_days": 60}})
    goal = compose_plan(wished, context()).goal
    assert (goal.metric, goal.within_days) == ("aov", 60)


def test_s2_17_everything_that_decides_names_what_it_is_measured_by_before_launch() -> None:
    plan = good_plan()
    assert plan.goal.metric
    assert plan.holdout.decision_metric == "incremental_rpr"
    assert all(journey.goal_metric for journey in plan.journeys)
    assert plan.offers
    assert all(offer.limits.measured_by for offer in plan.offers)
    for part, name in ((plan.offers[0].limits, "measured_by"), (plan.goal, "metric")):
        values = part.model_dump() | {name: ""}
        with pytest.raises(ValidationError, match=name):
            type(part).model_validate(values)
