"""What decisions go by: trees where they can be read, else the terms below with the reason."""

import json
from typing import Any

import pytest

from memory.domain.canonical import content_hash
from memory.domain.learned import BoostedEffects, ShopEffects
from memory.domain.trees import Trees
from tests.factories.learned import LABEL, kind_effects, known, shop_effects
from tools.effects import kept as kept_module
from tools.effects.kept import Tables, tables_of

KIND = "january_mission"


def stump(**changes: Any) -> Trees:
    """People who heard more than two messages score 0.5, others -0.5."""
    values: dict[str, Any] = {
        "names": ("cohort:vip", "market:DE", "heard"), "base": 0.0, "starts": (0,), "feature": (2, -1, -1),
        "value": (2.0, -0.5, 0.5), "left": (1, 0, 0), "right": (2, 0, 0),
    }  # fmt: skip
    return Trees.model_validate(values | changes)


def boosted(trees: Trees, **changes: Any) -> ShopEffects:
    """The January mission by trees over a table of terms."""
    values = kind_effects(level=0.02, slope=1.0).model_dump() | {
        "learner": "dr", "over_floor_minor": known(1.0), "trees": trees,
        "trees_hash": content_hash(trees.model_dump(mode="json")),
    }  # fmt: skip
    return shop_effects(kind_effects(boosted=BoostedEffects.model_validate(values | changes)))


def text(content: object) -> str:
    return json.dumps({KIND: content})


def label(found: Tables) -> str:
    assert found.learned is not None
    return found.label(found.learned.kinds[0])


def test_trees_in_use_take_the_place_of_the_terms_and_are_named() -> None:
    trees = stump()
    found = tables_of(boosted(trees), text(trees.model_dump(mode="json")))
    assert found.learned is not None
    assert isinstance(found.learned.kinds[0], BoostedEffects)
    assert set(found.trees) == {KIND} and not found.refused
    assert label(found) == f"{LABEL}, trees of dr"


def test_trees_that_are_not_in_use_are_not_read() -> None:
    found = tables_of(boosted(stump(), is_used=False), "nonsense")
    assert not found.trees and not found.refused
    assert label(found) == LABEL


def other(**changes: Any) -> str:
    """Trees that were changed where they are kept; their hash is what was learned."""
    return text(stump().model_dump(mode="json") | changes)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ("", "they are missing"),
        (json.dumps({"cross_sell": {}}), "they are missing"),
        ("{", "they cannot be read"),
        ("[]", "they cannot be read"),
        (other(base=1.0), "they are not those that were learned"),
    ],
)
def test_trees_that_cannot_be_read_leave_the_terms_and_say_why(kept: str, why: str) -> None:
    found = tables_of(boosted(stump()), kept)
    assert found.learned is not None and not isinstance(found.learned.kinds[0], BoostedEffects)
    assert found.learned.kinds[0].level == 0.05
    assert dict(found.refused) == {KIND: why}
    assert label(found) == f"{LABEL}, without trees: {why}"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"version": 2}, "they cannot be read"),
        ({"left": [2, 0, 0]}, "they cannot be read"),
        ({"left": [0, 0, 0]}, "they cannot be read"),
        ({"feature": [7, -1, -1]}, "they cannot be read"),
        ({"value": [2.0, -0.5]}, "they cannot be read"),
        ({"starts": [1]}, "they cannot be read"),
        ({"names": ["moon", "market:DE", "heard"]}, "they ask for what this version does not know"),
    ],
)
def test_unsound_trees_are_not_used_even_where_their_hash_is_right(changes: dict[str, Any], why: str) -> None:
    content = stump().model_dump(mode="json") | changes
    found = tables_of(boosted(stump(), trees_hash=content_hash(content)), text(content))
    assert dict(found.refused) == {KIND: why}


def test_trees_without_bounds_to_their_size_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "MOST_CHARS", 10)
    found = tables_of(boosted(stump(base=0.25)), text(stump(base=0.25).model_dump(mode="json")))
    assert dict(found.refused) == {KIND: "they are too large"}


def test_a_shop_that_never_learned_goes_by_nothing() -> None:
    assert tables_of(None, "") == Tables()
