from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import ReferralRate, referral_rate

pytestmark = pytest.mark.slow


def test_s1_50_referral_rate_is_referred_new_customers_over_all_new_ones(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("referred", ago(9), is_referred=True)
    facts.order("later", ago(9))
    facts.order("later", ago(3), is_referred=True)
    facts.order("plain", ago(9))
    facts.order("cancelled", ago(9), is_referred=True, is_cancelled=True)
    facts.order("cancelled", ago(8))
    facts.order("known", ago(90), is_referred=True)
    facts.order("known", ago(9), is_referred=True)
    with facts.open(tmp_path) as view:
        found = referral_rate(view, SHOP, ago(30), AS_OF)
        none = referral_rate(view, SHOP, ago(2), AS_OF)
    assert isinstance(found, ReferralRate)
    assert (found.n_new, found.n_referred, found.rate.estimate) == (4, 1, 0.25)
    assert isinstance(none, NotEstimable)
