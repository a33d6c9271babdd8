"""The existing-customer basis as a command: refused without a source, without a voucher, and to whoever is no admin."""

import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import STOCKED

from .conftest import Run

pytestmark = pytest.mark.slow
WORDS = ("consent", "soft-opt-in", "de", "--source", "terms of sale of 2025-01-01")


def test_soft_opt_in_needs_an_admin_who_vouches_and_is_logged_once_it_is_written(so: Run, stocked: App) -> None:
    with stocked.store.unit_of_work() as uow:
        grant = Grant(shop_id=STOCKED, role="admin")
        uow.principals.add(Principal(id="ada", name="Ada", grants=(grant,)), stocked.clock.now())
        before = uow.person_state.get(STOCKED)["consent_email"].to_pylist().count(True)
    assert so(*WORDS, "--dry-run", as_id="mia").code == 2  # a marketer may not
    refused = so(*WORDS, as_id="ada")
    assert refused.code == 2
    assert "similar goods" in refused.err
    assert "--vouch" in refused.err
    assert so("consent", "soft-opt-in", "de", "--source", " ", "--vouch", as_id="ada").code == 2
    unknown = so("consent", "soft-opt-in", "us", "--source", "terms", "--vouch", as_id="ada")
    assert unknown.code == 2
    assert "knows no existing-customer basis" in unknown.err

    rehearsed = so(*WORDS, "--dry-run", "--json", as_id="ada").json
    assert rehearsed["n_granted"] > 0
    with stocked.store.read() as uow:
        assert uow.person_state.get(STOCKED)["consent_email"].to_pylist().count(True) == before
    written = so(*WORDS, "--vouch", "--json", as_id="ada").json
    assert written["n_granted"] == rehearsed["n_granted"]
    assert written["source"] == "terms of sale of 2025-01-01; vouched for by ada"
    with stocked.store.read() as uow:
        assert uow.person_state.get(STOCKED)["consent_email"].to_pylist().count(True) == before + written["n_granted"]
        logged = [entry for entry in uow.audit.entries(limit=1_000) if entry.action == "consent.soft_opt_in"]
    assert [(entry.actor, entry.detail["n"]) for entry in logged] == [("ada", written["n_granted"])]
