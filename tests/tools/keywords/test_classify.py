"""B9: the labelled table. No stop may be missed; what is no stop is written down as well, so that the rule can fail."""

from collections import Counter
from pathlib import Path

import pytest

from tools.keywords import classify
from tools.keywords.classify import FILE

ROWS = [
    (label, text.encode("latin-1", "backslashreplace").decode("unicode-escape"))
    for label, _, text in (
        line.partition("\t") for line in (Path(__file__).parent / "phrases.tsv").read_text(encoding="utf-8").split("\n")
    )
    if text
]


def test_b9_the_table_is_large_and_in_every_language() -> None:
    counts = Counter(label for label, _ in ROWS)
    assert counts["stop"] >= 150
    assert min(counts[label] for label in ("start", "help", "other")) >= 10
    assert len({text for _, text in ROWS}) == len(ROWS)


def test_b9_no_stop_is_missed() -> None:
    assert not [text for label, text in ROWS if label == "stop" and classify(text) != "stop"]


@pytest.mark.parametrize("label", ["start", "help", "other"])
def test_b9_what_is_no_stop_is_read_as_what_it_is(label: str) -> None:
    assert not [(text, classify(text)) for known, text in ROWS if known == label and classify(text) != label]


def test_b9_starting_again_needs_the_keyword_alone() -> None:
    for text in ("please start again", "yes", "Can I subscribe my sister?", "start or stop", "START STOP", "ok start"):
        assert classify(text) != "start"
    assert classify("START STOP") == "stop"


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "💬" * 3_000, "a" * 100_000, "\u202estop", "st" * 50_000])
def test_b9_odd_texts_end_in_an_answer(text: str) -> None:
    assert classify(text) in ("stop", "other")


def test_b9_a_planted_rule_that_matches_whole_messages_only_is_caught_by_the_table() -> None:
    naive = {"stop", "end", "quit", "cancel", "unsubscribe", "revoke", "opt out"}
    missed = [text for label, text in ROWS if label == "stop" and text.strip().lower() not in naive]
    assert len(missed) > 100
    assert FILE.exists()
