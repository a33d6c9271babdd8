"""Sending decides by what the shop's own log taught, where a table is in use; fatigue is subtracted from every send."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from memory.domain.fatigue import Fatigue
from memory.domain.learned import ShopEffects, Term
from tests.agent.tick.test_run import Running
from tests.factories.learned import LABEL, kind_effects, shop_effects
from tests.tools.effects.test_kept import boosted, stump
from tools.effects.fatigue import ASSUMED_LABEL, assumed_fatigue

pytestmark = pytest.mark.slow
DAY = 43
"""On which the cohort is invited to the January mission, a promotion that needs no goods."""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    yield made
    made.store.close()


def losing(rate: float) -> Fatigue:
    """Everybody leaves as often, whatever they heard."""
    known = assumed_fatigue()
    cells = tuple(cell.model_copy(update={"rate": rate}) for cell in known.cells)
    return known.model_copy(update={"cells": cells})


def missions(live: Running, learned: ShopEffects | None) -> list[dict[str, Any]]:
    """The options of the January mission's decisions."""
    if learned is not None:
        with live.store.unit_of_work() as uow:
            uow.effects.put(learned)
    live.tick(DAY, rate=0.0)
    with live.store.read() as uow:
        versions = uow.batches.lake_versions()
    with live.lake.open(versions) as view:
        rows = view.raw("decision_options").to_pyarrow().to_pylist()
    return [row for row in rows if row["option_id"].startswith("first_time.january_mission")]


def test_a_table_in_use_gives_effect_error_and_source(live: Running) -> None:
    german = Term(feature="market:DE", centre=0.0, spread=1.0, slope=-1.0)
    rows = missions(live, shop_effects(kind_effects(slope=1.0, terms=(german,))))
    even = [row for row in rows if int(row["decision_id"][-5:]) % 2 == 0]
    assert even and len(even) < len(rows)
    assert {row["effect_source"] for row in rows} == {LABEL}
    assert {round(row["effect_mean"], 9) for row in even} == {-0.95}
    assert {(row["effect_mean"], row["effect_sd"]) for row in rows if row not in even} == {(0.05, 0.01)}
    assert all(row["value_millis"] < 0 for row in even), "what harms is not sent"


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_tick_scores_trees_and_goes_by_the_terms_where_they_cannot_be_read(live: Running, is_kept: bool) -> None:
    """Trees give German people 0.5 less and others 0.5 more than the middle of a slope of one."""
    trees = stump(names=("market:DE",), feature=(0, -1, -1), value=(0.5, 0.5, -0.5))
    found = boosted(trees)
    if not is_kept:
        [kind] = found.kinds
        assert kind.boosted is not None
        bare = kind.model_copy(update={"boosted": kind.boosted.model_copy(update={"trees": None})})
        found = found.model_copy(update={"kinds": (bare,)})
    rows = missions(live, found)
    even = [row for row in rows if int(row["decision_id"][-5:]) % 2 == 0]
    assert even and len(even) < len(rows)
    if is_kept:
        assert {row["effect_source"] for row in rows} == {f"{LABEL}, trees of dr"}
        assert {round(row["effect_mean"], 9) for row in even} == {-0.48}
        assert {round(row["effect_mean"], 9) for row in rows if row not in even} == {0.52}
    else:
        assert {row["effect_source"] for row in rows} == {f"{LABEL}, without trees: they are missing"}
        assert {row["effect_mean"] for row in rows} == {0.05}


def test_s2_68_what_a_send_loses_in_the_long_run_is_subtracted_from_its_value(live: Running) -> None:
    rows = missions(live, shop_effects(fatigue=losing(0.022)))
    order = live.world.plan.forecast.incremental_margin_minor / live.world.plan.forecast.incremental_orders
    assert rows
    assert {row["value_millis"] for row in rows} == {round(1000 * order * (0.05 - 0.02))}


def test_s2_64_people_at_risk_are_worth_less_a_send(live: Running) -> None:
    assert assumed_fatigue().label == ASSUMED_LABEL
    live.tick(DAY - 1, rate=0.0)  # weeks of messages that nobody answered
    rows = missions(live, None)
    with live.store.read() as uow:
        bands = uow.preferences.bands("nord", live.world.people)
        versions = uow.batches.lake_versions()
    with live.lake.open(versions) as view:
        inputs = view.raw("decision_inputs").to_pyarrow().to_pylist()
    mine = [row for row in inputs if row["step_id"] == "first_time.january_mission" and row["arm"] == "treated"]
    order = live.world.plan.forecast.incremental_margin_minor / live.world.plan.forecast.incremental_orders
    assert rows and bands
    risky = [row for row in mine if row["cap_rate"] < 1]
    assert risky
    assert all(row["value_millis"] < 1000 * order * row["effect_mean"] - 1 for row in risky)
