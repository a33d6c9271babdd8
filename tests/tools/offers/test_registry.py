from pathlib import Path

import pytest

from memory.domain.errors import NotFound
from tools.offers.pick import OfferBuilder
from tools.offers.registry import BUILDERS, OFFER_KINDS, builder_of
from tools.priors.effects import load_effects

LANGUAGES = {"en", "de", "fr", "es", "ja", "zh"}


@pytest.mark.parametrize("builder", BUILDERS, ids=lambda builder: builder.id)
def test_every_kind_has_words_a_prior_and_its_tests(builder: OfferBuilder) -> None:
    module = type(builder).__module__.rpartition(".")[2]
    assert (Path(__file__).parent / "kinds" / f"test_{module}.py").exists()
    assert set(builder.benefit) == LANGUAGES
    assert type(builder).__doc__
    assert 0 < load_effects().redemption_rate(builder.id) < 1


def test_s2_31_s2_67_the_discount_comes_last() -> None:
    assert max(BUILDERS, key=_rank).id == "discount"
    assert sum(builder.rank == 9 for builder in BUILDERS) == 1


def test_ids_are_unique_and_unknown_ones_are_named() -> None:
    assert len(set(OFFER_KINDS)) == len(BUILDERS)
    with pytest.raises(NotFound):
        builder_of("free_money")


def _rank(builder: OfferBuilder) -> int:
    return builder.rank
