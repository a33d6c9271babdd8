"""S2-71, S2-02: no word of ours promises an effect or repeats a survey's figure as if it were ours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .tree import ROOT

COPY = ("prompts/messages", "api/ui", "api/http/pages", "tools/lookback", "tools/predictions", "agent/reports",
        "agent/planning", "agent/chat", "prompts/plan", "prompts/plan_structured", "prompts/chat_changes")  # fmt: skip
"""Where words stand that customers or marketers read."""
SUFFIXES = (".py", ".yaml", ".md", ".mjml", ".j2", ".html", ".css")
PROMISES = (
    re.compile(r"\+\s?\d+(?:\.\d+)?\s?(?:[%％]|个?百分点|percent|percentage points?\b|pp\b)"),
    re.compile(
        r"(?:raises?|lifts?|increases?|boosts?|improves?)\b[^.{}\n]{0,40}\bby \d+(?:\.\d+)?\s?(?:[%％]|percent|pp)",
        re.I,
    ),
    re.compile(r"(?:提升|提高|增长|增加|上升)[^。{}\n]{0,12}\d+(?:\.\d+)?\s?(?:[%％]|个?百分点)"),
    re.compile(r"\bguarantee[ds]?\b[^.\n]{0,40}\b(?:orders?|sales|revenue|repeat|lift)\b", re.I),
    re.compile(r"(?:保证|确保)[^。\n]{0,12}(?:复购|销量|收入|增长)"),
)
SURVEY = re.compile(r"\b(?:45|18)\s?[%％]")
"""The seed article's survey; such figures stand in the requirements and nowhere a marketer reads them as a fact."""


def promised(text: str) -> list[str]:
    """Give the words that promise an effect; placeholders that code fills with a measured figure are none."""
    return [found.group(0) for pattern in (*PROMISES, SURVEY) for found in pattern.finditer(text)]


def files() -> Iterator[Path]:
    for folder in COPY:
        found = [path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in SUFFIXES]
        assert found, folder
        yield from found


def test_s2_71_no_copy_or_ui_word_promises_an_effect() -> None:
    found = {str(path.relative_to(ROOT)): words for path in files() if (words := promised(path.read_text("utf-8")))}
    assert not found


@pytest.mark.parametrize(
    "planted",
    [
        "复购率+6%", "+6 个百分点", "Repeat purchases +6 %", "raises your repeat rate by 6 %", "复购率提升6%",
        "guaranteed repeat orders", "保证复购", "45 % of shops name repeat purchase first",
    ],
)  # fmt: skip
def test_s2_71_a_planted_promise_is_seen(planted: str) -> None:
    assert promised(f"title: {planted}\n")


def test_s2_71_a_figure_that_is_filled_in_is_no_promise() -> None:
    assert not promised("The repeat rate differs by {points} (95 %: {low} to {high}).")
