import pytest

from memory.domain.cohort import COHORTS
from memory.domain.errors import NotFound
from memory.domain.message import MESSAGE_CLASS, MESSAGE_KINDS
from tools.priors.effects import EFFECTS_SCHEMA, load_effects


def test_every_cohort_and_kind_has_a_labelled_effect() -> None:
    table = load_effects().table()
    assert table.schema.equals(EFFECTS_SCHEMA)
    assert table.num_rows == len(COHORTS) * len(MESSAGE_KINDS)
    assert set(table["effect_source"].to_pylist()) == {"assumption:playbook-priors-v1"}


def test_trap_8_assumed_effects_are_small_and_doubtful() -> None:
    for cohort in COHORTS:
        for kind in MESSAGE_KINDS:
            effect = load_effects().get(cohort, kind)
            assert 0 <= effect.mean < 0.03
            assert effect.sd >= effect.mean * 0.5


def test_receipts_have_no_effect() -> None:
    for kind, of in MESSAGE_CLASS.items():
        if of == "transactional":
            assert load_effects().get("vip", kind).mean == 0


def test_an_unknown_offer_kind_is_named() -> None:
    with pytest.raises(NotFound):
        load_effects().redemption_rate("free_money")
