"""The quick way against the long way: the same shop and plan through store, ticks, outbox and imports."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from eval.gym.behaviour import NEVER
from eval.gym.live import LiveRun, run_days
from eval.gym.sent import handed_off
from eval.gym.world import positions
from eval.harness import Ready, prepare
from eval.scoreboard.context import context_of
from eval.scoreboard.crowd import Crowd, make_crowd
from eval.scoreboard.living import live, replay
from eval.scoreboard.options import gifts_of, options_of
from eval.scoreboard.policies import Planned
from memory.domain.cohort import COHORTS

pytestmark = [pytest.mark.slow, pytest.mark.long]
SEED, N_CUSTOMERS, N_DAYS = 7, 1_500, 21


class Both(NamedTuple):
    ready: Ready
    run: LiveRun
    days: list[pa.Table]
    members: pa.Table
    crowd: Crowd


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    from eval.gym.installation import copied

    home = tmp_path_factory.mktemp("agreement")
    ready = prepare(home, N_CUSTOMERS, SEED)
    of = copied(ready.installation, Path(home) / "copy", ready.world.opens_at())
    run = run_days(of, ready.world, ready.plan, ready.people, stride=7, n_days=N_DAYS, exploration_rate=0.0)
    first = datetime.combine(ready.world.anchor_on, datetime.min.time(), ZoneInfo(ready.world.shop.zone))
    at = [first + timedelta(days=day) for day in range(N_DAYS + 1)]
    days = [
        handed_off(of.app.store, ready.plan.id, ready.people, at[day], at[day + 1]) for day in range(N_DAYS)
    ]  # fmt: skip
    with of.app.store.read() as uow:
        members = uow.assignments.arms(ready.world.shop.shop_id, ready.plan.holdout.experiment_id)
    of.app.close()
    yield Both(ready, run, days, members, make_crowd(SEED, N_CUSTOMERS))


def test_the_same_messages_give_the_same_first_orders(both: Both) -> None:
    read_on = [both.days[0].slice(0, 0), *both.days[:-1]]
    with_messages, without = replay(both.crowd, read_on, gifts_of(both.ready.plan))
    everyone = np.arange(both.crowd.people.n)
    truth = both.run.responses.truth(everyone, N_DAYS)
    assert truth.n_repeat_with == int((with_messages != NEVER).sum())
    assert truth.n_repeat_without == int((without != NEVER).sum())
    assert truth.n_repeat_with > truth.n_repeat_without


def test_cohorts_are_the_products(both: Both) -> None:
    place = positions(both.ready.people, both.members["person_id"].combine_chunks())
    assert set(place.tolist()) <= set(both.crowd.members.tolist()) | {-1}
    sizes = {cohort.id: cohort.n_people for cohort in both.ready.plan.cohorts}
    found = {name: int((both.crowd.cohort == k).sum()) for k, name in enumerate(COHORTS)}
    for name, size in sizes.items():
        assert abs(found[name] - size) <= max(4, 0.06 * size), (name, found, sizes)


def test_the_product_and_the_quick_way_send_about_the_same(both: Both) -> None:
    """The quick way waits for no parcel and reads no goods, so it sends somewhat more, never less."""
    context, plan = context_of(both.crowd), both.ready.plan
    policy = Planned(options_of(plan), context, plan.brief)
    lived = live(
        both.crowd, policy, gifts_of(plan), context.guardrails, holdout_rate=plan.holdout.rate,
        budget_minor=plan.budget.total.amount_minor, n_days=N_DAYS,
    )  # fmt: skip
    sent = both.run.n_sent / both.run.responses.truth(_treated(both)).n_people
    assert sent <= lived.n_sent / lived.n_treated <= 1.5 * sent
    long = both.run.responses.truth(_treated(both), N_DAYS).effect_pp
    assert long > 0 < lived.rpr_lift_pp
    assert lived.rpr_lift_pp == pytest.approx(long, abs=4.0)


def _treated(both: Both) -> np.ndarray:
    arms = both.members.filter(np.asarray([arm == "treated" for arm in both.members["arm"].to_pylist()]))
    return positions(both.ready.people, arms["person_id"].combine_chunks())
