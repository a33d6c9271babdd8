"""Promotional steps of the playbook wait for the end of a rest of their market, and the plan says so."""

from datetime import date

from agent.guardrails.checking import check_plan
from agent.guardrails.facts import PeopleCell
from agent.planning.compose import compose
from agent.planning.draft import DraftStep, PlanDraft
from agent.planning.playbook import PlaybookPlanner
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS
from memory.domain.plan import Plan, PlannerRef, Step
from tests.factories import planning
from tools.markets.calendar import periods_of

BY = PlannerRef(kind="playbook", version="1")


def a_plan(market: str, anchor_on: date, share: float = 1.0, draft: PlanDraft | None = None) -> Plan:
    """The playbook's plan for people of a market; the rest of them live in Japan."""
    cells = tuple(
        PeopleCell(cohort=cohort, market=where, language="en", email=True, sms=True, push=True, n_people=n)
        for cohort in COHORTS
        for where, n in ((market, round(1000 * share)), ("JP", round(1000 * (1 - share))))
        if n
    )
    given = planning.context(people=cells, anchor_on=anchor_on)
    plan = compose(draft or PlaybookPlanner().draft(Brief(), given), Brief(), given, BY)
    assert isinstance(plan, Plan)
    return plan


def promotions(plan: Plan) -> list[Step]:
    return [step for step in plan.steps() if step.message_class == "promotional" and step.trigger == "dated"]


def test_s2_09_no_promotion_of_the_playbook_falls_on_a_day_its_market_rests() -> None:
    moved = 0
    for market, anchor_on in (("DE", date(2026, 12, 1)), ("CN", date(2026, 12, 1)), ("CN", date(2026, 11, 12)),
                              ("US", date(2026, 12, 3)), ("MX", date(2027, 1, 10))):  # fmt: skip
        plan = a_plan(market, anchor_on)
        rests = [one for one in periods_of([market], anchor_on, plan.ends_on) if one.pauses_promotions]
        inside = [step.id for step in promotions(plan) if any(rest.holds(step.due_on) for rest in rests)]
        named = [said for said in plan.assumptions if "falls into it" in said]
        assert rests and not [name for name in inside if not any(name in said for said in named)], (market, inside)
        moved += any("promotion pauses for" in said and "moved" in said for said in plan.assumptions)
    assert moved >= 3


def test_s2_09_a_moved_step_says_why_and_the_plan_keeps_its_guardrails() -> None:
    plan = a_plan("CN", date(2026, 12, 1))
    moved = [step for step in promotions(plan) if "after_holiday" in step.why]
    assert moved and all(step.due_on > date(2027, 2, 12) for step in moved)
    said = next(said for said in plan.assumptions if "moved" in said)
    assert "Spring Festival in CN (2027-02-05 to 2027-02-12)" in said
    assert all(f"{step.id} to {step.due_on}" in said for step in moved)
    facts = planning.context(anchor_on=date(2026, 12, 1))
    codes = {reason.code for reason in check_plan(plan, planning.guardrails(), facts)}
    assert not codes & {"frequency_cap", "step_misdated", "steps_unordered", "message_twice", "out_of_season"}


def test_s2_09_a_market_of_few_people_moves_nothing() -> None:
    here, few = a_plan("CN", date(2026, 12, 1)), a_plan("CN", date(2026, 12, 1), share=0.2)
    festival = next(one for one in periods_of(["CN"], date(2027, 2, 1), date(2027, 2, 28)))
    assert not [step for step in promotions(here) if festival.holds(step.due_on)]
    assert [step for step in promotions(few) if festival.holds(step.due_on)]


def test_s2_09_what_somebody_dated_stays_and_the_plan_names_it() -> None:
    rows = (DraftStep(template="thank_you"), DraftStep(template="newest_goods", day=24))
    plan = a_plan("DE", date(2026, 12, 1), draft=PlanDraft(journeys={"vip": rows}))
    (step,) = [step for step in plan.steps() if step.id == "vip.newest_goods"]
    assert step.due_on == date(2026, 12, 25)
    assert any("Christmas in DE" in said and "vip.newest_goods" in said and "falls into it" in said
               for said in plan.assumptions)  # fmt: skip
