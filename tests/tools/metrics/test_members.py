"""S1-25: members beside others who bought in a period, a raw difference that is labelled so."""

from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics.aov import Aov
from tools.metrics.members import MembersApart, members_apart
from tools.metrics.rpr import Rpr

pytestmark = pytest.mark.slow


def apart(facts: Facts, root: Path, within_days: int = 30) -> MembersApart:
    with facts.open(root) as view:
        return members_apart(view, SHOP, ago(100), ago(50), within_days, AS_OF)


def a_shop() -> Facts:
    """Two of three members come back, one of four others; members' baskets are 60.00 and the others' 20.00."""
    facts = Facts()
    for number in range(3):
        facts.add("memberships", ago(200), subject_id=f"m{number}", is_member=True)
        facts.order(f"m{number}", ago(80), subtotal_minor=6_000)
    for number in range(4):
        facts.order(f"o{number}", ago(80), subtotal_minor=2_000)
    for person in ("m0", "m1", "o0"):
        facts.order(person, ago(60), subtotal_minor=6_000 if person[0] == "m" else 2_000)
    return facts


def test_s1_25_members_differ_from_others_and_the_difference_is_called_raw(tmp_path: Path) -> None:
    found = apart(a_shop(), tmp_path)
    assert (found.n_members, found.n_others) == (3, 4)
    assert isinstance(found.member_rpr, Rpr) and isinstance(found.other_rpr, Rpr)
    assert (found.member_rpr.n_repeat, found.other_rpr.n_repeat) == (2, 1)
    assert found.rpr_difference_pp == pytest.approx(100 * (2 / 3 - 1 / 4))
    assert isinstance(found.member_aov, Aov) and isinstance(found.other_aov, Aov)
    assert (found.member_aov.aov_minor.estimate, found.other_aov.aov_minor.estimate) == (6_000, 2_000)
    assert found.aov_difference_minor == 4_000
    assert "not an effect" in found.label


def test_s1_25_who_joins_after_the_purchase_counts_among_the_others(tmp_path: Path) -> None:
    """Else whoever came back would have had more time to join."""
    facts = a_shop()
    facts.add("memberships", ago(70), subject_id="o0", is_member=True)
    facts.add("memberships", ago(90), subject_id="m2", is_member=False)
    found = apart(facts, tmp_path)
    assert (found.n_members, found.n_others) == (2, 5)


def test_s1_25_without_members_or_with_an_open_window_nothing_is_compared(tmp_path: Path) -> None:
    facts = a_shop()
    late = apart(facts, tmp_path / "a", within_days=85)
    assert isinstance(late.member_rpr, NotEstimable) and late.member_rpr.code == "window_open"
    assert late.rpr_difference_pp is None
    del facts.rows["memberships"]
    none = apart(facts, tmp_path / "b")
    assert none.n_members == 0
    assert (none.rpr_difference_pp, none.aov_difference_minor) == (None, None)
