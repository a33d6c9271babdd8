"""The chance of leaving: asked of buyers who may be written to, learned from consents taken back and complaints."""

from pathlib import Path

import numpy as np
import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.predictions.chance import ChancePeople
from tools.predictions.leaving import LEAVING, predict_leaving
from tools.predictions.repeat import predict_repeat

pytestmark = pytest.mark.slow


def shop_facts(n: int = 420) -> Facts:
    """Who reads stays; who does not leaves in two of five cases. Every tenth never said yes."""
    facts, generator = Facts(), np.random.default_rng(11)
    for number in range(n):
        person, reads = f"p{number:04d}", generator.random() < 0.5
        facts.order(person, ago(200 + float(generator.uniform(0, 60))), subtotal_minor=5_000)
        if number % 10:
            facts.consent(person, ago(199), status="granted")
        for _ in range(4 if reads else 0):
            facts.event(person, ago(100 + float(generator.uniform(0, 40))), kind="mail_open")
        if number % 10 and generator.random() < (0.05 if reads else 0.4):
            if number % 2:
                facts.consent(person, ago(float(generator.uniform(2, 80))), status="revoked")
            else:
                facts.event(person, ago(float(generator.uniform(2, 80))), kind="complaint")
    return facts


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ChancePeople:
    with shop_facts().open(tmp_path_factory.mktemp("leaving")) as view:
        result = predict_leaving(view, SHOP, AS_OF)
    assert isinstance(result, ChancePeople)
    return result


def test_s2_64_who_does_not_read_tends_to_leave_and_held_out_people_judge(found: ChancePeople) -> None:
    card = found.card
    assert card.outcome == "leaving"
    assert card.n_people == 378  # nine of ten said yes
    assert card.auc.low > 0.6
    assert card.beats_base_rate
    weights = {name: weight for one in card.families for name, weight in one.weights.items()}
    assert weights["n_mail_opens_90d"] < 0


def test_s2_64_those_who_left_already_are_not_asked_again(found: ChancePeople) -> None:
    people = found.people
    assert people.schema == LEAVING.schema
    n_back = sum(1 for row in shop_facts().rows["consents"] if row["status"] == "revoked")
    assert people.num_rows == 378 - n_back


def test_s2_64_what_left_after_the_day_of_the_features_is_the_answer_and_no_feature(tmp_path: Path) -> None:
    """Planted: everybody leaves today, after the window; nothing that was learned may change but the people asked."""
    facts = shop_facts()
    for number in range(420):
        facts.consent(f"p{number:04d}", ago(-1), status="revoked")
    with facts.open(tmp_path) as view:
        later = predict_leaving(view, SHOP, AS_OF)
        repeat = predict_repeat(view, SHOP, AS_OF)
    assert isinstance(later, ChancePeople)
    assert 30 <= later.card.n_happened < 120
    assert isinstance(repeat, NotEstimable)  # nobody ordered again in this shop


def test_s2_64_a_shop_without_enough_who_left_says_so(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(240):
        facts.order(f"p{number:04d}", ago(200), subtotal_minor=5_000)
        facts.consent(f"p{number:04d}", ago(199), status="granted")
    with facts.open(tmp_path) as view:
        none = predict_leaving(view, SHOP, AS_OF)
    assert isinstance(none, NotEstimable)
    assert "240 buyers with consent 90 days ago, of whom 0 left" in none.message
