"""Where a shop stands, against counts made by hand in the same facts."""

from datetime import timedelta

import pytest

from agent.assembly import App
from agent.reports.standing_words import standing_lines
from api.verbs.acting import Acting
from api.verbs.home import standing
from memory.domain.outcome import NotEstimable
from tests.api.conftest import STOCKED, token_of

pytestmark = pytest.mark.slow


def test_s1_46_the_figures_carry_intervals_or_reasons_and_the_band_is_the_guardrails(stocked: App) -> None:
    token_of(stocked, "vic", "viewer", shop_id=STOCKED)
    with stocked.store.read() as uow:
        acting = Acting(app=stocked, principal=uow.principals.get("vic"), shop_id=STOCKED)
        band = uow.guardrails.current(STOCKED).budget_share
    found = standing(acting)
    assert (found.share_min_rate, found.share_max_rate) == (band.band_min_rate, band.band_max_rate)
    assert not isinstance(found.clv, NotEstimable)
    with acting.facts() as view:
        orders = view.table("orders").filter(lambda t: t.event_at <= found.as_of).to_pyarrow()
    assert found.clv.n_people <= len(set(orders["person_id"].to_pylist()))
    assert found.clv.mean_minor.low < found.clv.mean_minor.estimate < found.clv.mean_minor.high
    assert not isinstance(found.rpr, NotEstimable)
    assert found.rpr.within_days == 90
    assert found.rpr.n_repeat == round(found.rpr.rate.estimate * found.rpr.n_people)
    assert found.as_of - timedelta(days=1) < stocked.clock.now()
    assert len(standing_lines(found)) == 4
