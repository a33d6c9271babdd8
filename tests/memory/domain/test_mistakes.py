"""Patterns in words: every pattern in the code has a sentence with an example that fits; none is shown to a reader."""

import ast
import re

import pytest
from pydantic import ValidationError

from memory.domain.community import Community
from memory.domain.mistakes import PATTERNS, said
from memory.domain.thanks import MAX_SKU
from tests.house.tree import PACKAGES, python_files


def patterns() -> dict[str, str]:
    """Every pattern a field of the code is held to, with where it stands."""
    found = {}
    for path, tree in python_files(*PACKAGES):
        named = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            if isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "pattern":
                code = compile(ast.Expression(node.value), str(path), "eval")
                found[str(eval(code, {**named, "MAX_SKU": MAX_SKU}))] = f"{path}:{node.value.lineno}"
    return found


def test_every_pattern_has_words_and_none_has_words_for_nothing() -> None:
    found = patterns()
    assert len(found) >= 25
    assert not {pattern: where for pattern, where in found.items() if pattern not in PATTERNS}
    assert not set(PATTERNS) - set(found)


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_the_example_fits_and_the_words_show_no_pattern(pattern: str) -> None:
    expected = PATTERNS[pattern]
    assert re.search(pattern, expected.example) and not re.search(pattern, "\x00 wrong\x00")
    row = {
        "type": "string_pattern_mismatch",
        "msg": f"String should match pattern '{pattern}'",
        "ctx": {"pattern": pattern},
    }
    words = said(row)
    assert words == f"write {expected.words}, such as {expected.example}"
    assert not any(sign in words for sign in ("^", "{0,", "[a-z", "\\"))


def test_a_field_that_does_not_fit_is_told_in_words() -> None:
    with pytest.raises(ValidationError) as caught:
        Community.model_validate({"id": "Berlin Club", "market": "Germany", "platform": "line", "name": "x",
                                  "link": "line.me", "min_tier": "gold"})  # fmt: skip
    told = {str(row["loc"][0]): said(row) for row in caught.value.errors()}
    assert "no space, such as spring_2027" in told["id"] and "such as DE" in told["market"]
    assert "begins with https://" in told["link"]


def test_other_mistakes_keep_their_words() -> None:
    assert (
        said({"type": "value_error", "msg": "Value error, nobody is their own deputy"}) == "nobody is their own deputy"
    )
    assert said({"type": "string_pattern_mismatch", "msg": "as it is", "ctx": {"pattern": "new"}}) == "as it is"
