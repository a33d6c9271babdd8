"""From weights to answers: figures with intervals beside nothing and as-decided, and every refusal with its code."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from eval.hindsight import PolicyAnswer, answer, policies_named
from eval.hindsight.answers import MAX_CUT_RATE
from eval.hindsight.reading import Logged
from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from tools.offpolicy import Trail

HOLDOUT = 0.4
EVERY = policies_named([])


def log(n: int = 6_000, *, n_without_cost: int = 0, n_cut: int = 0, base: float = 0.2, seed: int = 2) -> Logged:
    """One decision each between a mail that helps, a text message that helps more, and nothing."""
    rng = np.random.default_rng(seed)
    treated = rng.random(n) >= HOLDOUT
    logged = np.array([0.7, 0.15])
    pick = rng.choice(3, n, p=[*logged, 0.15])
    taken = np.where(pick < 2, np.arange(n) * 2 + pick, -1)
    added = np.where(treated, np.array([0.05, 0.10, 0.0])[pick], 0.0)
    orders = (rng.random(n) < base + added * (base > 0)).astype(np.float64)
    people = pa.table(
        {"person_id": [f"p{k:06d}" for k in range(n)], "cohort": np.where(np.arange(n) % 3 > 0, "vip", "first_time"),
         "arm": np.where(treated, "treated", "control"), "orders": orders, "margin": orders * 2_000.0,
         "n_without_cost": np.full(n, n_without_cost), "was_orders": rng.random(n)}
    )  # fmt: skip
    reasons = np.where(np.arange(n) < n_cut, "budget", "best_value")
    mine = np.flatnonzero(treated)
    k = len(mine)
    trail = Trail(
        n_people=n,
        person=mine,
        starts=np.arange(k) * 2,
        taken=np.where(taken[mine] >= 0, np.arange(k) * 2 + pick[mine], -1),
        propensity=np.append(logged, 0.15)[pick[mine]],
        is_forced=reasons[mine] == "budget",
        available=np.ones(2 * k, dtype=np.bool_),
        logged=np.tile(logged, k),
        net=np.tile(np.array([900, 100]), k),
        cost=np.tile(np.array([50_000, 90_000]), k),
    )
    return Logged(people, trail, pa.table({"chosen_reason": reasons[mine]}), pa.table({}))


def asked(of: Logged) -> dict[str, PolicyAnswer]:
    return {one.policy: one for one in answer(of, HOLDOUT, EVERY)}


def near(found: Estimate, truth: float) -> None:
    assert isinstance(found, Interval)
    assert found.low < truth < found.high


def code(found: Estimate) -> str:
    assert isinstance(found, NotEstimable)
    return found.code


def test_each_policy_has_its_rate_and_money_beside_nothing_and_as_decided() -> None:
    found = asked(log())
    near(found["do-nothing"].repeat_rate, 0.20)
    near(found["as-decided"].repeat_rate, 0.25)
    near(found["highest-value"].repeat_rate, 0.25)
    near(found["highest-value"].repeat_over_nothing_pp, 5.0)
    near(found["highest-value"].net_over_nothing_minor, 0.05 * 2_000 - 50)
    near(found["as-decided"].net_minor, 0.25 * 2_000 - 0.7 * 50 - 0.15 * 90)
    assert code(found["do-nothing"].net_over_nothing_minor) == "no_variance"
    assert code(found["as-decided"].repeat_over_decided_pp) == "no_variance"


def test_what_chance_seldom_took_is_wide_or_refused() -> None:
    rare = replace(log().trail, net=np.tile(np.array([100, 900]), len(log().trail.starts)))
    found = asked(replace(log(), trail=rare))["highest-value"]
    near(found.repeat_rate, 0.30)
    assert found.effective_n < 0.2 * 6_000
    few = log(900)
    refused = asked(replace(few, trail=replace(few.trail, net=np.tile(np.array([100, 900]), len(few.trail.starts)))))
    assert code(refused["highest-value"].repeat_rate) == "low_ess"


def test_without_a_control_group_doing_nothing_is_refused_where_the_log_always_sent() -> None:
    sure = log()
    pick = np.maximum(sure.trail.taken, 2 * np.arange(len(sure.trail.taken)))
    trail = replace(sure.trail, logged=np.tile([0.5, 0.5], len(pick)), taken=pick)
    few = np.arange(len(pick)) < 500  # these the log could leave without a message, so that enough people agree
    trail = replace(
        trail,
        taken=np.where(few, -1, pick),
        propensity=np.where(few, 0.8, 0.5),
        logged=np.where(np.repeat(few, 2), 0.1, 0.5),
    )
    found = {one.policy: one for one in answer(replace(sure, trail=trail), 0.0, EVERY)}["do-nothing"]
    assert found.effective_n > 200
    assert code(found.repeat_rate) == "no_support"


def test_unknown_costs_leave_the_rate_and_take_the_money() -> None:
    found = asked(log(n_without_cost=1))["highest-value"]
    assert isinstance(found.repeat_rate, Interval)
    assert code(found.net_minor) == code(found.net_over_nothing_minor) == "missing_data"


def test_where_hardly_anybody_comes_back_nothing_is_said() -> None:
    found = asked(log(base=0.0))
    assert {code(one.repeat_rate) for one in found.values()} == {"too_few_buyers"}


@pytest.mark.parametrize(("share", "said"), [(MAX_CUT_RATE / 2, ""), (MAX_CUT_RATE * 2, "no_support")])
def test_a_log_whose_money_ran_out_is_refused(share: float, said: str) -> None:
    found = asked(log(n_cut=int(share * 6_000)))
    rate = found["highest-value"].repeat_rate
    assert (rate.code if isinstance(rate, NotEstimable) else "") == said
    assert isinstance(found["as-decided"].repeat_rate, Interval)
