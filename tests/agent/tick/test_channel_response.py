"""A channel's measured difference moves the effect where it is sure, and nothing else."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.tick.channel_response import sure_channels, with_channel_response
from memory.domain.experiment import Interval
from memory.domain.response import Response
from memory.lake.view import LakeView
from tests.agent.tick.test_run import Running
from tests.factories.learned import kind_effects, shop_effects

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("cohort", "channel", "first_channel", "effect_source")),
        ("is_fallback", pa.bool_()),
        ("effect_mean", pa.float64()),
        ("effect_sd", pa.float64()),
    ]
)


def push(low: float, high: float, **changes: Any) -> Response:
    told = Interval(estimate=(low + high) / 2, low=low, high=high, method="test")
    given: dict[str, Any] = {
        "cohort": "vip", "channel": "push", "against": "email", "hour_no": 0, "n": 900, "difference": told,
        "shrunk": told,
    }  # fmt: skip
    return Response(**given | changes)


def effects(*told: Response, **changes: Any) -> tuple[float, float, str]:
    row = {
        "cohort": "vip", "channel": "push", "first_channel": "email", "effect_source": "assumption:x",
        "is_fallback": False, "effect_mean": 0.01, "effect_sd": 0.003,
    } | changes  # fmt: skip
    with LakeView({}) as view:
        table = view.memory_table("options", pa.Table.from_pylist([row], SCHEMA))
        [found] = with_channel_response(table, view, shop_effects(responses=told)).to_pyarrow().to_pylist()
    assert set(found) == set(SCHEMA.names)
    return found["effect_mean"], found["effect_sd"], found["effect_source"]


USUAL = (0.01, 0.003, "assumption:x")
SURE = push(0.004 - 1.96 * 0.001, 0.004 + 1.96 * 0.001)


def test_s2_23_a_sure_difference_is_added_with_its_error_and_named() -> None:
    mean, sd, source = effects(SURE)
    assert (mean, sd) == pytest.approx((0.014, (0.003**2 + 0.001**2) ** 0.5), abs=1e-6)
    assert source == "assumption:x + response:v3"


@pytest.mark.parametrize(
    "change",
    [{"cohort": "first_time"}, {"channel": "email"}, {"channel": "sms"}, {"first_channel": "sms"},
     {"is_fallback": True}],
)  # fmt: skip
def test_s2_23_other_cohorts_channels_steps_and_second_channels_keep_their_effect(change: dict[str, Any]) -> None:
    assert effects(SURE, **change) == USUAL


def test_s2_23_an_interval_that_holds_no_difference_moves_nothing() -> None:
    assert effects(push(-0.001, 0.02)) == effects(push(0.01, 0.02, hour_no=2, against="")) == effects() == USUAL
    assert sure_channels(None).num_rows == 0


@pytest.mark.slow
def test_s2_23_a_tick_weighs_the_channel_by_what_the_shop_s_own_messages_said(tmp_path: Path) -> None:
    live = Running(tmp_path)
    sure = push(0.05, 0.07, cohort="first_time")
    with live.store.unit_of_work() as uow:
        uow.effects.put(shop_effects(kind_effects(is_used=False), responses=(sure,)))
    live.tick(43, rate=0.0)
    with live.store.read() as uow:
        versions = uow.batches.lake_versions()
    with live.lake.open(versions) as view:
        rows = view.raw("decision_options").to_pyarrow().to_pylist()
    live.store.close()
    missions = [row for row in rows if row["option_id"].startswith("first_time.january_mission")]
    mean = {name: {row["effect_mean"] for row in missions if row["channel"] == name} for name in ("email", "push")}
    assert len(mean["email"]) == len(mean["push"]) == 1
    assert mean["push"].pop() - mean["email"].pop() == pytest.approx(0.06)
    sources = {row["channel"]: row["effect_source"] for row in missions}
    assert sources["push"] == f"{sources['email']} + response:v3"
