"""S2-28: the app stands beside mail when a step's channel is chosen."""

from datetime import timedelta

import pytest

from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, a_world, explore, learn
from tests.factories.facts import Facts

pytestmark = pytest.mark.slow

KEY = b"a key for tests only, 32 bytes.."
STEP = "first_time.category_series"
DAY = LIVE_AT + timedelta(days=17)


def test_s2_28_push_is_weighed_like_mail_and_taken_where_mail_may_not_go(store: Store, lake: Lake) -> None:
    world, clock = a_world(store, lake, 30), ManualClock(LIVE_AT)
    app_only, both = set(world.people[:10]), set(world.people[10:20])
    with store.unit_of_work() as uow:
        for person in app_only | both:
            uow.person_state.set_consent("nord", person, "push", True)
        for person in app_only:
            uow.person_state.set_consent("nord", person, "email", False)
    looks = Facts()
    explore(looks, world.people, LIVE_AT)  # the series is for who looked at a category
    learn(store, lake, looks, LIVE_AT)
    go_live(store, lake, clock, KEY, world.approved)
    tick(store, lake, clock, KEY, "nord", DAY, seed=1, slot=timedelta(hours=24), exploration_rate=0.0)
    with store.read() as uow:
        rows = uow.outbox.table("nord", world.plan.id, ["person_id", "step_id", "channel"]).to_pylist()
        versions = uow.batches.lake_versions()
    chosen = {row["person_id"]: row["channel"] for row in rows if row["step_id"] == STEP}
    assert {chosen[person] for person in app_only & set(chosen)} == {"push"}
    assert {chosen[person] for person in set(chosen) - app_only - both} == {"email"}
    assert len(app_only & set(chosen)) > 5
    with lake.open(versions) as view:
        options = view.raw("decision_options").to_pyarrow().to_pylist()
    weighed = {(row["decision_id"].rpartition("/")[2], row["option_id"]) for row in options if row["allowed"]}
    for person in both & set(chosen):
        assert {f"{STEP}:email", f"{STEP}:push"} <= {name for who, name in weighed if who == person}
