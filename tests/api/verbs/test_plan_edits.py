"""Editing by form: what is looked at is what is kept, and whoever touched the old plan touched the new one."""

from typing import Any

import pytest

from agent.assembly import App
from api.verbs import plan_edits, plans
from memory.domain.brief import Brief
from memory.domain.errors import InvalidInput, NotPermitted, NotReady
from tests.api.verbs.drafted import a_draft, acting_as

FORM: dict[str, Any] = {
    "budget": "1 500.50", "currency": "EUR", "holdout_percent": "12,5", "goal_metric": "rpr", "goal_days": "60",
    "excluded_channels": ["sms"], "excluded": ["DE push"], "excluded_kinds": [], "moved_steps": [],
    "move_step": "vip.thank_you", "move_day": "2", "anchor_on": "", "languages": [],
}  # fmt: skip


def test_a_form_becomes_a_brief_and_an_empty_field_takes_the_wish_away() -> None:
    made = plan_edits.wishes(Brief(app_priority=True), FORM)
    assert (str(made.budget), made.holdout_rate, made.goal.within_days) == ("1,500.50 EUR", 0.125, 60)
    assert (made.excluded_channels, made.excluded) == (("sms",), (("DE", "push"),))
    assert (made.moved_steps, made.app_priority) == ({"vip.thank_you": 2}, True)
    again = plan_edits.wishes(made, {"budget": "", "currency": "EUR", "holdout_percent": "", "moved_steps": []})
    assert (again.budget, again.holdout_rate, again.moved_steps) == (None, None, {})


@pytest.mark.parametrize(
    ("field", "value"), [("holdout_percent", "lots"), ("budget", "much"), ("move_day", "soon"), ("anchor_on", "x")]
)
def test_a_field_that_cannot_be_read_is_named(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as error:
        plan_edits.wishes(Brief(), {**FORM, field: value})
    assert field.split("_")[0] in str(error.value) or value in str(error.value)


@pytest.mark.slow
def test_the_plan_that_was_looked_at_is_the_one_that_is_kept(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    wanted = plan_edits.wishes(plan.brief, {"excluded_kinds": ["review_invitation"]})
    trial = plan_edits.try_edit(mia, plan.id, wanted, "zh")
    assert trial.reasons == () and trial.plan_id not in ("", plan.id)
    assert {one.kind for one in trial.differences} >= {"step_removed", "exclusions"}
    assert any("去掉步骤" in one.words for one in trial.differences)
    assert len(plans.list_plans(mia)) == 1  # looking keeps nothing
    max_ = acting_as(stocked, "max", "marketer")
    with pytest.raises(NotReady):
        plan_edits.keep_edit(max_, plan.id, wanted, plan.id)  # not the one that was looked at
    outcome, session_id = plan_edits.keep_edit(max_, plan.id, wanted, trial.plan_id)
    assert outcome.kind == "drafted" and session_id
    assert outcome.stored.plan.id == trial.plan_id
    assert outcome.stored.touched_by == ("max", "mia")
    assert plans.get(mia, plan.id).plan == plan


@pytest.mark.slow
def test_a_wish_beyond_the_guardrails_is_answered_with_every_reason_and_only_planners_ask(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    wanted = plan_edits.wishes(plan.brief, {"holdout_percent": "1"})
    trial = plan_edits.try_edit(mia, plan.id, wanted)
    assert (trial.plan_id, [one.rule for one in trial.reasons]) == ("", ["holdout"])
    with pytest.raises(NotPermitted):
        plan_edits.try_edit(acting_as(stocked, "vic", "viewer"), plan.id, wanted)
