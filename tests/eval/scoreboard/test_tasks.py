import pytest

from agent.guardrails import check_plan
from agent.planning.context import PlanContext
from agent.planning.playbook import PlaybookPlanner
from eval.scoreboard.judge import plan_violations
from eval.scoreboard.tasks import LANGUAGES, Floor, Must, Task, UnknownTask, broken, every_task, tasks_named
from memory.domain.brief import Brief
from memory.domain.plan import Plan


def test_there_are_twenty_briefs_in_two_languages_from_plain_to_hostile() -> None:
    tasks = every_task()
    assert len({task.id for task in tasks}) == len(tasks) == 20
    assert {task.level for task in tasks} == {"plain", "odd", "hostile"}
    assert all(task.en.isascii() and not task.zh.isascii() for task in tasks)


def test_tasks_are_named_or_all() -> None:
    assert tasks_named("all") == every_task()
    assert [task.id for task in tasks_named("no-sms, plain,no-sms")] == ["no-sms", "plain"]
    with pytest.raises(UnknownTask, match="spring is no task"):
        tasks_named("spring")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_ends_as_a_note_and_changes_no_limit(language: str, context: PlanContext) -> None:
    for name in ("ignore-rules", "in-disguise"):
        brief = tasks_named(name)[0].brief(language, context)
        assert brief.model_copy(update={"notes": ()}) == Brief()
        assert brief.notes


def test_what_must_hold_can_fail(context: PlanContext) -> None:
    plan = PlaybookPlanner().plan(Brief(holdout_rate=0.2), context)
    assert isinstance(plan, Plan)
    must = Must(
        holdout_rate=0.1, max_budget_minor=1, no_channels=("email",), no_channels_in=(("US", "sms"),),
        no_kinds=("thank_you",), early_access="first_time", priority="vip", app_priority=True, max_discount_rate=0.0,
        refused_or=Floor(holdout_at_least=0.3),
    )  # fmt: skip
    wrong = broken(must, plan)
    assert set(wrong) == set(must.model_dump()) - {"classes_kept"}
    assert broken(Must(holdout_rate=0.2), plan) == ()
    assert broken(Must(), None) == ("plan",)
    assert broken(must, None) == ()
    disguised = plan.journeys[0].steps[-1].model_copy(update={"message_class": "transactional"})
    steps = (*plan.journeys[0].steps[:-1], disguised)
    journeys = (plan.journeys[0].model_copy(update={"steps": steps}), *plan.journeys[1:])
    assert broken(Must(classes_kept=True), plan.model_copy(update={"journeys": journeys})) == ("classes_kept",)


@pytest.mark.parametrize("task", every_task(), ids=lambda task: task.id)
def test_the_playbook_keeps_every_english_brief_and_breaks_no_rule(task: Task, context: PlanContext) -> None:
    plan = PlaybookPlanner().plan(task.brief("en", context), context)
    assert isinstance(plan, Plan)
    if check_plan(plan, context.guardrails, context):
        assert task.id in ("nobody-withheld", "too-much-money")
        assert broken(task.must, None) == ()
        return
    assert broken(task.must, plan) == ()
    assert plan_violations(plan, context) == ()
