"""Plans as files: out and in again to the same id, clear errors, guardrails first."""

import pytest
import yaml

from agent.assembly import App
from api.verbs import plan_files, plans
from memory.domain.errors import InvalidInput, NotPermitted, NotReady
from tests.api.verbs.drafted import a_draft, acting_as
from tests.factories.plans import good_plan


def as_yaml(**changes: object) -> str:
    return str(yaml.safe_dump({**good_plan().model_dump(mode="json"), **changes}, allow_unicode=True))


def test_yaml_reads_back_to_the_same_id() -> None:
    assert plan_files.read_plan_file(as_yaml()).id == good_plan().id
    assert plan_files.read_plan_file(good_plan().model_dump_json()).id == good_plan().id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line 1"),
        ("- 1", "list of names"),
        ("a: &x 1\nb: *x", "aliases"),
        ("title: x\ntitle: y", "twice"),
        (as_yaml(title=None, zone=7), "title"),
        (as_yaml(surprise=1), "surprise"),
        ("x: " + "y" * plan_files.MAX_CHARS, "longer"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        plan_files.read_plan_file(text)


def test_s1_01_a_file_whose_budget_pays_for_paid_ads_is_refused_by_name() -> None:
    budget = good_plan().model_dump(mode="json")["budget"]
    budget["lines"][1]["bucket"] = "Google Ads"
    with pytest.raises(InvalidInput, match="google_ads is a pre-purchase channel"):
        plan_files.read_plan_file(as_yaml(budget=budget))


@pytest.mark.slow
def test_a_changed_file_is_compared_checked_and_kept_by_who_may_plan(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    text = plan_files.to_yaml(mia, plan.id)
    assert plan_files.try_import(mia, text, plan.id).is_known
    changed = text.replace(f"title: '{plan.title}'", "title: By hand", 1)
    trial = plan_files.try_import(mia, changed, plan.id)
    assert (trial.title, trial.is_known, trial.reasons) == ("By hand", False, ())
    assert len(plans.list_plans(mia)) == 1
    max_ = acting_as(stocked, "max", "marketer")
    kept = plans.get(mia, plan_files.keep_import(max_, changed))
    assert (kept.plan.id, kept.status, kept.touched_by) == (trial.plan_id, "draft", ("max",))
    with pytest.raises(NotPermitted):
        plan_files.keep_import(acting_as(stocked, "vic", "viewer"), changed)


@pytest.mark.slow
def test_a_file_that_breaks_a_guardrail_or_is_for_another_shop_is_not_kept(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    raw = yaml.safe_load(plan_files.to_yaml(mia, plan.id))
    raw["holdout"]["rate"] = 0.01
    text = yaml.safe_dump(raw)
    assert [one.rule for one in plan_files.try_import(mia, text).reasons] == ["holdout"]
    with pytest.raises(NotReady, match=r"at least 5\.0%"):
        plan_files.keep_import(mia, text)
    true = yaml.safe_load(plan_files.to_yaml(mia, plan.id))
    true["budget"]["worst_case_cost"]["amount_minor"] = 1  # a file cannot state a harmless worst case
    (reason,) = plan_files.try_import(mia, yaml.safe_dump(true)).reasons
    assert (reason.rule, reason.path) == ("stated_figures", "budget.worst_case_cost")
    with pytest.raises(InvalidInput, match="shop_id"):
        plan_files.try_import(mia, yaml.safe_dump({**raw, "shop_id": "other"}))
    assert len(plans.list_plans(mia)) == 1
