"""`secondorder period`, from a grant to its digest."""

from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from tests.factories.approvals import PLAN_ID
from tests.factories.around_approvals import a_request

from .conftest import Run, _runner

pytestmark = pytest.mark.slow


def test_a_period_is_granted_read_and_revoked(tmp_path: Path, clock: ManualClock) -> None:
    home = tmp_path / "home"
    app = assemble(load_settings(home=home))
    a_request(app.store, clock)
    app.close()
    so: Run = _runner(home, "ava")
    wish = ("period", "grant", PLAN_ID, "--name", "Week", "--from", "2999-01-01", "--until", "2999-01-07",
            "--max-reach", "50", "--deputy", "dan")  # fmt: skip
    made = so(*wish, "--max-cost", "10.00")
    assert made.code == 0 and "dan decides in place of ava" in made.out
    assert so(*wish, "--max-cost", "9999999.00").code != 0
    assert so(*wish, "--max-cost", "10.00", as_id="mia").code != 0
    (listed,) = so("period", "list", "--json").json
    assert so("period", "digest", listed["id"], "--json").json["n_reached"] == 0
    assert so("period", "revoke", listed["id"]).code == 0
    assert so("period", "list", "--json").json[0]["revoked_by"] == "ava"
