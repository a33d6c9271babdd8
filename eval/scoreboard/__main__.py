"""`python -m eval.scoreboard`: how long a million people take, and how the gym's shop compares with real ones."""

import argparse
import sys
import time

from agent.planning.playbook import PlaybookPlanner
from eval.gym.calibration import WITHIN_DAYS, of_gym
from memory.domain.brief import Brief
from memory.domain.plan import Plan

from .context import context_of
from .crowd import make_crowd
from .living import live
from .options import gifts_of, options_of
from .policies import Planned

SEED = 20251202


def main(words: list[str]) -> int:
    """Make the shop, live through the playbook's plan, and print seconds and what its orders look like."""
    parser = argparse.ArgumentParser(prog="eval.scoreboard", description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    asked, began = parser.parse_args(words), time.process_time()
    crowd = make_crowd(SEED, asked.customers)
    made = time.process_time()
    context = context_of(crowd)
    plan = PlaybookPlanner().plan(Brief(holdout_rate=0.1), context)
    assert isinstance(plan, Plan)
    lived = live(
        crowd, Planned(options_of(plan), context, plan.brief), gifts_of(plan), context.guardrails, holdout_rate=0.1,
        budget_minor=plan.budget.total.amount_minor,
    )  # fmt: skip
    ended = time.process_time()
    own = of_gym(crowd.people, crowd.orders)[0]
    back = ", ".join(f"{days} d {share or 0:.1%}" for days, share in zip(WITHIN_DAYS, own.back, strict=True))
    sys.stdout.write(
        f"{asked.customers:,} people, {crowd.orders.n:,} orders: made in {made - began:.1f} CPU s, ninety days of "
        f"{lived.n_treated:,} people and {lived.n_sent:,} messages in {ended - made:.1f} CPU s\n"
        f"back within {back}; median days between orders {own.gaps[1]:.0f}, mean basket "
        f"{crowd.basket.mean() / 100:.2f} EUR, orders per person {crowd.orders.n / crowd.people.n:.2f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
