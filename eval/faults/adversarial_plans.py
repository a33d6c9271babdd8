"""Adversarial plans (C3): `python -m eval.faults.adversarial_plans 100000 1000 --seed 1`.

The first number is how many spoiled plans both checkers look at; the second how many attacks go through the whole
stack to a provider that keeps a journal, judged from that journal and the database alone.
"""

import argparse
import json
import sys
import time
from collections import Counter
from random import Random
from typing import Any

from pydantic import ValidationError

from agent.guardrails import check_plan
from agent.planning.catalogue import CATALOGUE
from agent.verify import verify_plan
from memory.domain.base import Count, Frozen
from memory.domain.handover import PlanNow, TemplateNow
from memory.domain.outcome import Blocked, Denied
from memory.domain.plan import Plan

from .adversarial_sends import SendsReport, attack
from .spoils import SPOILS
from .world import a_context, a_plan, figures_of

CONTROL_EVERY = 50
"""Every so often the plan is left as it is: a checker that denies everything is no checker."""


class PlansReport(Frozen):
    """What both checkers said of spoiled plans."""

    n_plans: Count
    """Spoiled plans."""
    n_refused_by_schema: Count
    """Those that are no plan at all."""
    n_passed_first: Count
    """Spoiled plans the first checker let through: has to be 0."""
    n_passed_second: Count
    """Spoiled plans the second checker let through: has to be 0."""
    n_mute: Count
    """Refusals without a machine-readable reason: has to be 0."""
    n_controls: Count
    """Plans left as they were."""
    n_controls_passed: Count
    """Those that both let through: has to be all."""
    passed: dict[str, Count]
    """What got through per way of spoiling and checker."""

    @property
    def holds(self) -> bool:
        """Whether nothing got through and every honest plan did."""
        bad = self.n_passed_first + self.n_passed_second + self.n_mute
        return not bad and self.n_controls == self.n_controls_passed


def judge_plans(n: int, seed: int) -> PlansReport:
    """Spoil `n` plans and ask both checkers."""
    chance, context = Random(seed), a_context()  # noqa: S311  a seeded generator is wanted
    plan = a_plan(context)
    text = plan.model_dump_json()
    now = _now(plan)
    counts: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for number in range(n):
        if number % CONTROL_EVERY == 0:
            counts["controls"] += 1
            counts["controls_passed"] += not check_plan(plan, context.guardrails, context) and not isinstance(
                verify_plan(now, context.markets), Denied
            )
        spoil = SPOILS[number % len(SPOILS)]
        spoiled = json.loads(text)
        spoil(spoiled, chance)
        made = read_plan(spoiled)
        if made is None:
            counts["schema"] += 1
            continue
        first = check_plan(made, context.guardrails, context)
        second = verify_plan(now.model_copy(update={"plan": made}), context.markets)
        reasons = second.reasons if isinstance(second, Denied) else ()
        counts["first"] += not first
        counts["second"] += not reasons
        counts["mute"] += any(_is_mute(reason) for reason in (*first, *reasons))
        passed[f"{spoil.__name__}/first"] += not first
        passed[f"{spoil.__name__}/second"] += not reasons
    return PlansReport(
        n_plans=n,
        n_refused_by_schema=counts["schema"],
        n_passed_first=counts["first"],
        n_passed_second=counts["second"],
        n_mute=counts["mute"],
        n_controls=counts["controls"],
        n_controls_passed=counts["controls_passed"],
        passed={name: number for name, number in sorted(passed.items()) if number},
    )


def read_plan(raw: dict[str, Any]) -> Plan | None:
    """Give the plan that the JSON is, or none where it is no plan."""
    try:
        return Plan.model_validate_json(json.dumps(raw))
    except (ValidationError, ValueError):
        return None


def _is_mute(reason: Blocked) -> bool:
    return not (reason.rule and reason.code.replace("_", "").isalnum() and reason.message)


def _now(plan: Plan) -> PlanNow:
    context = a_context()
    return PlanNow(
        plan=plan, status="approved", approval=None, may_approve=True, touched_by=(), live_at=None,
        guardrails=context.guardrails, figures=figures_of(context), concurrent_minor=0,
        remaining_millis=1000 * plan.budget.total.amount_minor, home_zone=plan.zone,
        templates={each.id: TemplateNow(each.kind, each.version) for each in CATALOGUE},
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run both parts and print what came of them; 1 where anything got through."""
    parser = argparse.ArgumentParser(description="Adversarial plans against both checkers and the whole stack.")
    parser.add_argument("n_plans", type=int, nargs="?", default=3_000)
    parser.add_argument("n_sends", type=int, nargs="?", default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    plans = judge_plans(given.n_plans, given.seed)
    print(f"plans {plans.model_dump_json()} {time.perf_counter() - started:.0f} s")  # noqa: T201
    started = time.perf_counter()
    sends: SendsReport = attack(given.n_sends, given.seed)
    print(f"sends {sends.model_dump_json()} {time.perf_counter() - started:.0f} s")  # noqa: T201
    return 0 if plans.holds and sends.holds else 1


if __name__ == "__main__":
    sys.exit(main())
