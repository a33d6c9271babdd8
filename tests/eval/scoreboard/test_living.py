"""Ninety days of a crowd: silence changes nothing, guardrails hold, and the second checker sees what a cheat does."""

import numpy as np

from agent.planning.context import PlanContext
from agent.planning.playbook import PlaybookPlanner
from eval.scoreboard.crowd import Crowd, make_crowd
from eval.scoreboard.judge import message_violations, plan_violations
from eval.scoreboard.living import Lived, live, withheld
from eval.scoreboard.options import gifts_of, options_of
from eval.scoreboard.planners import CONTENDERS, Entry
from eval.scoreboard.policies import Planned, Silent
from memory.domain.brief import Brief
from memory.domain.plan import Plan

RATE = 0.2


def a_plan(context: PlanContext) -> Plan:
    made = PlaybookPlanner().plan(Brief(holdout_rate=RATE), context)
    assert isinstance(made, Plan)
    return made


def lived(crowd: Crowd, context: PlanContext, plan: Plan, *, obeys: bool = True) -> Lived:
    policy = Planned(options_of(plan), context, plan.brief)
    return live(
        crowd, policy, gifts_of(plan), context.guardrails, holdout_rate=RATE,
        budget_minor=plan.budget.total.amount_minor, obeys=obeys,
    )  # fmt: skip


def test_the_same_seed_gives_the_same_crowd_and_ninety_days(crowd: Crowd, context: PlanContext) -> None:
    again = make_crowd(7, 1_000)
    assert (again.cohort == crowd.cohort).all()
    first, second = (lived(each, context, a_plan(context)) for each in (crowd, again))
    assert first.net_minor == second.net_minor
    assert (first.first_with == second.first_with).all()


def test_silence_earns_and_costs_nothing(crowd: Crowd, context: PlanContext) -> None:
    found = live(crowd, Silent(), {}, context.guardrails, holdout_rate=RATE, budget_minor=10**6)
    assert (found.net_minor, found.n_sent, found.rpr_lift_pp) == (0.0, 0, 0.0)


def test_the_product_breaks_no_rule_and_earns(crowd: Crowd, context: PlanContext) -> None:
    plan = a_plan(context)
    found = lived(crowd, context, plan)
    assert found.n_sent > 300
    assert plan_violations(plan, context) == ()
    assert message_violations(found.by_cell, plan, context) == ({}, 0)
    assert found.sends_minor + found.offers_minor <= plan.budget.total.amount_minor
    assert found.net_minor > 0


def test_who_is_withheld_gets_nothing_and_changes_nothing(crowd: Crowd, context: PlanContext) -> None:
    found = lived(crowd, context, a_plan(context))
    control = withheld(crowd, RATE)
    assert (found.first_with[control] == found.first_without[control]).all()
    assert np.all(found.gain[control] == 0)


def test_without_guardrails_the_second_checker_counts_what_was_broken(crowd: Crowd, context: PlanContext) -> None:
    plan = a_plan(context)
    found = lived(crowd, context, plan, obeys=False)
    rules, n_messages = message_violations(found.by_cell, plan, context)
    assert {"consent", "holdout"} <= set(rules)
    assert 0 < n_messages <= sum(rules.values())
    assert n_messages <= found.n_sent == sum(found.by_cell["n"].to_pylist())


def test_the_cheat_hides_promotion_spends_too_much_and_writes_to_the_holdout(
    crowd: Crowd, context: PlanContext
) -> None:
    cheat = next(each for each in CONTENDERS if each.id == "cheat")
    entry = cheat.make(Brief(holdout_rate=RATE), context)
    assert isinstance(entry, Entry)
    rules = {reason.rule for reason in plan_violations(entry.plan, context)}
    assert {"budget_share", "message_class"} <= rules
    found = live(
        crowd, entry.policies[0], entry.gifts, context.guardrails, holdout_rate=RATE,
        budget_minor=entry.plan.budget.total.amount_minor, obeys=entry.obeys,
    )  # fmt: skip
    broken = message_violations(found.by_cell, entry.plan, context).rules
    assert {"consent", "holdout", "message_class"} <= set(broken)
