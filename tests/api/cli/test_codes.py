"""`secondorder codes`, from a source to an alarm."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.codes import CodeAlarm
from memory.domain.money import Money
from tests.factories.coded import OFFER, POOL, a_coded_shop

from .conftest import Run

pytestmark = pytest.mark.slow
NOON = datetime(2026, 12, 29, 12, tzinfo=UTC)


def test_a_pool_from_its_source_to_its_alarms(run: Run, shop: str, tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"), ManualClock(NOON))
    coded = a_coded_shop(app.store, POOL)
    plan = coded.plan.id[:12]
    assert "nowhere" not in run("codes", "source").out
    assert run("codes", "source", "none").code == 0
    assert "nowhere" in run("codes", "source").out
    assert run("codes", "source", "gold").code == 2
    assert run("codes", "source", "pool", "--gives", "store_credit,discount", "--json").json["source"]["gives"] == [
        "store_credit", "discount",
    ]  # fmt: skip
    path = tmp_path / "codes.csv"
    path.write_text(f"code,offer,expires_on\nNORD-0001,{OFFER},\nN,{OFFER},\n")
    dry = run("codes", "import", str(path), "--plan", plan, "--dry-run")
    assert "1 of 2 codes would be added" in dry.out and "bad_code" in dry.out
    assert "1 of 2 codes were added" in run("codes", "import", str(path), "--plan", plan).out
    assert coded.run().n_sent == 1
    said = run("codes", "plan", plan, "--json").json
    (mine,) = [one for one in said["offers"] if one["offer_id"] == OFFER]
    assert (mine["n_confirmed"], mine["n_free"]) == (1, 0)
    assert "terms only" in run("codes", "plan", plan).out
    assert [one["code"] for one in run("codes", "list", plan, "--json").json] == ["NORD-0001"]
    assert "waiting: 0" in run("codes", "ask").out
    assert run("codes", "retry", plan, OFFER, "--json").json == {"n": 0}
    assert run("codes", "redemptions", plan, "--json").json == []
    with app.store.unit_of_work() as uow:
        uow.code_alarms.raise_(
            CodeAlarm(
                shop_id="nord", plan_id=coded.plan.id, offer_id=OFFER, kind="reused", n=2,
                at_stake=Money(amount_minor=3000, currency="EUR"), message="2 orders used a code too often.",
                raised_at=coded.clock.now(),
            )
        )  # fmt: skip
    app.close()
    assert [one["n"] for one in run("codes", "alarms", "--look", "--json").json] == [2]
    assert run("codes", "settle", plan, OFFER, "reused").code == 0
    assert run("codes", "alarms", "--json").json == []
    assert len(run("codes", "alarms", "--all", "--json").json) == 1
