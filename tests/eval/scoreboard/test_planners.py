import pytest

from agent.planning.context import PlanContext
from eval.scoreboard.judge import plan_violations
from eval.scoreboard.planners import CONTENDERS, ORACLE, Contender, Entry, UnknownPlanner, every_planner, planners_named
from memory.domain.brief import Brief


def test_planners_are_named_once_and_in_order() -> None:
    assert [each.id for each in planners_named("playbook, random,playbook")] == ["playbook", "random"]
    assert every_planner() == (*CONTENDERS, ORACLE)
    assert len({each.id for each in every_planner()}) == len(every_planner())


@pytest.mark.parametrize("names", ["", "playbook,", "clever", "llm:", "llm:tiny"])
def test_a_planner_nobody_knows_is_refused_with_the_known_ones(names: str) -> None:
    with pytest.raises(UnknownPlanner, match="do-nothing, random"):
        planners_named(names)


def test_a_language_model_is_named_and_made_by_what_knows_its_address() -> None:
    playbook = next(each for each in CONTENDERS if each.id == "playbook")
    made: list[str] = []

    def llm(name: str) -> Contender:
        made.append(name)
        return playbook._replace(id=f"llm:{name}")

    assert [each.id for each in planners_named("llm:tiny", llm)] == ["llm:tiny"]
    assert made == ["tiny"]


@pytest.mark.parametrize(
    "contender", [each for each in every_planner() if each.id != "cheat"], ids=lambda each: each.id
)
def test_every_honest_planner_makes_a_plan_that_the_second_checker_lets_through(
    contender: Contender, context: PlanContext
) -> None:
    entry = contender.make(Brief(holdout_rate=0.2), context)
    assert isinstance(entry, Entry), entry
    assert entry.obeys
    assert plan_violations(entry.plan, context) == ()
