from pathlib import Path

import pytest

from memory.domain.errors import InvalidInput
from tools.consent import load_policies
from tools.markets import load_markets


def test_every_market_has_a_dated_policy_with_a_source_to_confirm() -> None:
    policies = load_policies()
    for market in load_markets().all():
        policy = policies.by_country[market.country]
        assert policy.source
        assert policy.as_of.year >= 2026
        assert "counsel" in policy.confirm


def test_an_unproven_permission_counts_only_where_a_policy_says_so() -> None:
    policies = load_policies()
    assert policies.of("DE").unproven == policies.of("JP").unproven == policies.of("").unproven == ()
    assert policies.of("US").unproven == ("email",)


def test_casl_permissions_of_buyers_and_askers_lapse_on_their_dates() -> None:
    soft = load_policies().of("CA").soft_opt_in
    assert soft is not None
    assert (soft.purchase_months, soft.inquiry_months) == (24, 6)


def test_existing_customers_are_a_basis_of_its_own_with_conditions() -> None:
    soft = load_policies().of("DE").soft_opt_in
    assert soft is not None
    assert soft.channels == ("email",)
    assert len(soft.conditions) == 4
    assert load_policies().of("US").soft_opt_in is None


def test_a_broken_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("DE: {unproven: [pigeon]}")
    with pytest.raises(InvalidInput, match=r"p\.yaml"):
        load_policies(path)
