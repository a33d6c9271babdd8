"""Equal values give equal bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.canonical import canonical_json, content_hash, fact_id, keyed_digests, keyed_hash, unit_interval

pytestmark = pytest.mark.slow

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), PLAIN))
def test_key_order_does_not_change_the_hash(value: dict[str, object]) -> None:
    assert content_hash(value) == content_hash(dict(reversed(value.items())))


def test_not_a_number_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"share": float("nan")})


def test_a_fact_id_depends_on_every_part() -> None:
    assert len({fact_id("a", "b", "c", "d"), fact_id("a", "b", "cd", ""), fact_id("ab", "", "c", "d")}) == 3


def test_keyed_places_are_even_and_need_the_key() -> None:
    places = [unit_interval(b"key", "experiment", str(n)) for n in range(2_000)]
    assert 0 <= min(places) < 0.01
    assert 0.99 < max(places) < 1
    assert 0.46 < sum(place < 0.5 for place in places) / len(places) < 0.54
    assert keyed_hash(b"key", "a") != keyed_hash(b"other", "a")


@pytest.mark.parametrize("key", [b"", b"key", b"k" * 64, b"longer than a block" * 9])
def test_many_keyed_digests_are_those_made_one_by_one(key: bytes) -> None:
    texts = [b"", b"person", "买家".encode(), b"long" * 500]
    assert [digest.hex() for digest in keyed_digests(key, texts)] == [keyed_hash(key, text.decode()) for text in texts]
