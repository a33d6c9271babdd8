"""Lanes and lost parcels on the command line."""

import pytest

from agent.assembly import App
from tests.api.http.test_parcels import a_lane

from .conftest import Run

pytestmark = pytest.mark.slow


def test_s1_16_s1_17_lanes_and_lost_parcels_are_shown_and_given_as_json(so: Run, stocked: App) -> None:
    a_lane(stocked)
    assert "dhl" in so("parcels", "lanes").out
    assert {"dhl"} <= {one["carrier"] for one in so("parcels", "lanes", "--json").json}
    assert "#gone" in so("parcels", "lost").out
    assert any(one["order_ref"] == "#gone" for one in so("parcels", "lost", "--json").json)
    assert so("parcels", "lost", as_id="nobody").code == 2
