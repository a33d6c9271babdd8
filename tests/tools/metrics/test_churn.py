from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import Churn, churn

pytestmark = pytest.mark.slow


def test_churn_is_the_share_of_the_active_who_fell_silent(tmp_path: Path) -> None:
    facts = Facts()
    for person in ("kept", "lost", "gone"):
        facts.order(person, ago(200))
    facts.order("kept", ago(20))
    facts.order("new", ago(20))
    facts.order("long_ago", ago(400))
    with facts.open(tmp_path) as view:
        found = churn(view, SHOP, AS_OF, window_days=180)
        none = churn(view, SHOP, ago(390), window_days=30)
    assert isinstance(found, Churn)
    assert (found.n_active, found.n_lost) == (3, 2)
    assert isinstance(none, NotEstimable)
