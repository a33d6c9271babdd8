from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from memory.domain.outcome import NotEstimable
from memory.domain.principal import Grant, Principal
from tests.factories.learned import LABEL, kind_effects, shop_effects

from .conftest import Run

pytestmark = pytest.mark.slow


def test_effects_are_shown_with_intervals_and_refusals(run: Run, shop: str, tmp_path: Path) -> None:
    why = NotEstimable(code="low_ess", message="What the log says of cross_sell is worth 12 rows; 200 are needed.")
    refused = kind_effects(kind="cross_sell", average=why, net_minor=why, over_today_minor=why, is_used=False)
    app = assemble(load_settings(home=tmp_path / "home"))
    with app.store.unit_of_work() as uow:
        uow.effects.put(shop_effects(kind_effects(), refused, shop_id=shop))
    app.close()
    said = run("effects", "show")
    assert said.code == 0
    assert LABEL in said.out
    assert "+5.00" in said.out and "+6.00" in said.out
    assert "cross_sell: What the log says" in said.out
    found = run("effects", "show", "--json").json
    assert [(one["kind"], one["is_used"]) for one in found["kinds"]] == [
        ("january_mission", True),
        ("cross_sell", False),
    ]
    assert all(cell["low"] <= cell["rate"] <= cell["high"] for cell in found["fatigue"]["cells"])


def test_nothing_is_shown_or_learned_before_anything_was_decided(run: Run, shop: str) -> None:
    shown, learned = run("effects", "show"), run("effects", "learn")
    assert shown.code == learned.code != 0
    assert "secondorder effects learn" in shown.err
    assert "Let an approved plan go live" in learned.err


def test_learning_is_for_those_who_plan(run: Run, shop: str, tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    grant = Grant(shop_id=shop, role="viewer")
    with app.store.unit_of_work() as uow:
        uow.principals.add(Principal(id="rita", name="Rita", grants=(grant,)), app.clock.now())
    app.close()
    said = run("effects", "learn", as_id="rita")
    assert said.code != 0
    assert "plan" in said.err
