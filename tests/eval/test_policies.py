import pytest

from eval.policies import POLICIES, UnknownPolicy, policies_named


def test_policies_are_named_in_any_order_and_once() -> None:
    assert [policy.id for policy in policies_named("silent, planned,silent")] == ["silent", "planned"]
    assert policies_named(",".join(policy.id for policy in POLICIES)) == POLICIES


@pytest.mark.parametrize("names", ["", "planned,greedy", "planned,"])
def test_a_policy_nobody_knows_is_refused_with_the_known_ones(names: str) -> None:
    with pytest.raises(UnknownPolicy, match="planned, random, silent"):
        policies_named(names)
