"""Embedders give unit vectors, the same on every machine, and never reach for the network."""

import math

import pytest

from memory.recall.embedder import Embedder, HashingEmbedder, WordVectors, default_embedder, fingerprint
from memory.recall.words import words


@pytest.mark.parametrize("embedder", [HashingEmbedder(), default_embedder()], ids=lambda one: one.name)
def test_dc_05_vectors_are_units_and_repeatable(embedder: Embedder) -> None:
    once, twice, empty = embedder.embed(["a gift for 德国", "a gift for 德国", ""])
    assert once == twice
    assert math.isclose(sum(value * value for value in once), 1.0, abs_tol=1e-6)
    assert math.isclose(sum(value * value for value in empty), 1.0, abs_tol=1e-6)
    assert fingerprint(embedder) == fingerprint(embedder)


def test_dc_07_word_vectors_know_related_words() -> None:
    embedder = WordVectors()
    dog, puppy, invoice = embedder.embed(["dog", "puppy", "invoice"])

    def near(left: list[float], right: list[float]) -> float:
        return sum(a * b for a, b in zip(left, right, strict=True))

    assert near(dog, puppy) > near(dog, invoice)


def test_dc_07_words_of_chinese_are_pairs() -> None:
    assert words("Ｈello 品牌语气 x2") == ["hello", "品牌", "牌语", "语气", "x2"]
