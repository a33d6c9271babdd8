"""The short form: broken answers end safely; the whole corpus has its size and its kinds."""

import pytest

from eval.faults import garbage
from eval.faults.garbage import corpus, run

pytestmark = pytest.mark.slow


def test_c1_the_corpus_is_large_mixed_and_the_same_for_a_seed() -> None:
    found = list(corpus(400))
    assert len(found) == 400
    assert {kind for kind, _ in found} == {"raw", "text", "arguments", "tool", "type", "cut", "flip", "double", "inner",
                                           "wrapped"}  # fmt: skip
    assert found[300:] == list(corpus(400))[300:]


def test_c1_the_first_broken_answers_end_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = list(corpus(400))[::40]
    monkeypatch.setattr(garbage, "corpus", lambda _n, _seed: iter(mixed))
    found = run(10)
    assert found.holds, found
    assert found.n == 10
