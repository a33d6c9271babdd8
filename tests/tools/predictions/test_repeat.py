"""The chance of a further order: six families, no look ahead, judged on people it was not learned on."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from memory.domain.outcome import NotEstimable
from memory.domain.profile import PROFILE_SCHEMA
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.predictions.chance import ChancePeople
from tools.predictions.families import COLUMNS, FAMILIES, SIX, Family, features, matrix
from tools.predictions.judging import auc, brier, calibration
from tools.predictions.repeat import REPEAT, predict_repeat

pytestmark = pytest.mark.slow
NEEDED: set[Family] = {"discount_depth", "gift", "n_items", "delivery", "returns", "engagement"}


def shop_facts(n: int = 420, *, leak: bool = False) -> Facts:
    """Who reads and gets parcels in time tends to order again; deep discounts and late parcels keep people away."""
    facts, generator = Facts(), np.random.default_rng(8)
    for number in range(n):
        person, reads, late, deep = f"p{number:04d}", *(generator.random(3) < 0.5)
        paid = {"subtotal_minor": 3_000, "discount_minor": 3_000} if deep else {"subtotal_minor": 6_000}
        n_gifts, at = int(generator.random() < 0.3), ago(130 + float(generator.uniform(0, 60)))
        facts.order(person, at, n_items=1 + int(generator.integers(0, 3)) + n_gifts, n_gift_items=n_gifts, **paid)
        facts.event(person, at, kind="delivery", value=3.0 if late else 0.0)
        for _ in range(6 if reads else 0):
            facts.event(person, ago(100 + float(generator.uniform(0, 20))))
        if generator.random() < 0.2:
            facts.event(person, ago(105), kind="return")
        chance = 1 / (1 + np.exp(-(-1.2 + 1.8 * reads - 1.2 * late - 0.9 * deep)))
        if generator.random() < chance:
            facts.order(person, ago(float(generator.uniform(2, 80))))
            if leak:  # what happened shows only after the day the features are read
                for _ in range(9):
                    facts.event(person, ago(50))
    return facts


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ChancePeople:
    with shop_facts().open(tmp_path_factory.mktemp("repeat")) as view:
        result = predict_repeat(view, SHOP, AS_OF)
    assert isinstance(result, ChancePeople)
    return result


def missing(known: Mapping[Family, tuple[str, ...]]) -> set[str]:
    """Give the families of the requirement that no attribute of the profile stands for."""
    return {name for name in NEEDED if not set(known.get(name, ())) & set(PROFILE_SCHEMA.names)}


def test_s2_61_all_six_families_are_read_and_their_importance_is_listed(found: ChancePeople) -> None:
    assert set(SIX) == NEEDED
    assert missing(FAMILIES) == set()
    assert set(COLUMNS) <= set(PROFILE_SCHEMA.names)
    listed = {one.family: one for one in found.card.families}
    assert set(listed) >= NEEDED
    for name in SIX:
        one = listed[name]
        assert one.auc_lost.low <= one.auc_lost.estimate <= one.auc_lost.high
        assert set(one.weights) == set(one.features) == set(FAMILIES[name])
        assert one.is_known, name


@pytest.mark.parametrize("left_out", SIX)
def test_s2_61_a_family_left_out_is_noticed(left_out: Family) -> None:
    assert missing({name: columns for name, columns in FAMILIES.items() if name != left_out}) == {left_out}
    assert missing(FAMILIES | {left_out: ("no_such_attribute",)}) == {left_out}


def test_s2_61_what_matters_is_found_and_held_out_people_judge(found: ChancePeople) -> None:
    card = found.card
    assert card.n_people == 420
    assert 90 < card.n_held_out < 190
    assert card.auc.low > 0.6
    assert card.beats_base_rate
    assert card.beats_simple
    assert card.auc.estimate > card.auc_simple.estimate
    assert card.brier.estimate < card.brier_simple.estimate
    lost = {one.family: one.auc_lost for one in card.families}
    assert lost["engagement"].low > 0
    assert lost["gift"].low < 0.02
    weights = {name: weight for one in card.families for name, weight in one.weights.items()}
    assert weights["n_views_90d"] > 0 > weights["late_delivery_share"]
    assert [one.predicted for one in card.calibration] == sorted(one.predicted for one in card.calibration)
    inside = [one.observed.low - 0.05 <= one.predicted <= one.observed.high + 0.05 for one in card.calibration]
    assert sum(inside) >= 4
    assert found.people.schema == REPEAT.schema
    assert set(found.people["repeat_band"].to_pylist()) == {"low", "middle", "high"}


def test_s2_61_what_happens_after_the_day_of_the_features_changes_none_of_them(
    found: ChancePeople, tmp_path: Path
) -> None:
    """Planted leak: views that only those had who ordered again, dated after the features."""
    with shop_facts(leak=True).open(tmp_path / "leak") as view:
        leaky = predict_repeat(view, SHOP, AS_OF)
        then = features(view, SHOP, ago(90), REPEAT.keep)
        peeked = matrix(features(view, SHOP, AS_OF, REPEAT.keep))
    with shop_facts().open(tmp_path / "clean") as view:
        clean = features(view, SHOP, ago(90), REPEAT.keep)
    assert then.equals(clean)
    assert isinstance(leaky, ChancePeople)
    assert leaky.card.auc == found.card.auc
    happened = peeked[:, COLUMNS.index("n_orders")] > np.log1p(1.5)
    leaked = auc(peeked[:, COLUMNS.index("n_views_90d")], happened)
    assert leaked.estimate > 0.99  # had the features been read at the end, the leak would show like this


def test_s2_61_a_shop_too_small_to_learn_from_says_so(tmp_path: Path) -> None:
    with shop_facts(60).open(tmp_path) as view:
        small = predict_repeat(view, SHOP, AS_OF)
    assert isinstance(small, NotEstimable)
    assert small.message.startswith("60 buyers 90 days ago")


def test_s2_61_auc_and_brier_are_what_their_definitions_say() -> None:
    chance, happened = np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True])
    pairs = [(0.1, 0.4), (0.1, 0.9), (0.4, 0.4), (0.4, 0.9)]
    by_hand = np.mean([1.0 if no < yes else 0.5 if no == yes else 0.0 for no, yes in pairs])
    assert auc(chance, happened).estimate == by_hand
    assert brier(chance, happened).estimate == pytest.approx(np.mean((chance - happened) ** 2))
    assert [one.n_people for one in calibration(chance, happened, 2)] == [2, 2]
