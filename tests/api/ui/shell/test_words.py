import re

import pytest

from api.ui.shell.words import CATALOGUES, LANGUAGES, LOCALE, entries, words
from memory.domain.approval import PlanStatus
from memory.domain.cohort import COHORTS
from memory.domain.plan import BUCKETS, PHASE_DAYS

HOLE = re.compile(r"\{\w*\}")
SAME_IN_BOTH = re.compile(r"^(app|other_language|languages\.\w+)$")
"""Names that stay as they are."""


def test_both_languages_have_the_same_words_in_the_same_catalogues() -> None:
    assert entries("en").keys() == entries("zh").keys()
    named = [sorted(one.name for one in (CATALOGUES / LOCALE[language]).glob("*.po")) for language in LANGUAGES]
    assert named[0] == named[1] != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing(language: str) -> None:
    assert [path for path, word in entries("zh" if language == "zh" else "en").items() if not word.strip()] == []


def test_a_word_has_the_same_holes_in_both_languages() -> None:
    english, chinese = entries("en"), entries("zh")
    differing = [path for path in english if set(HOLE.findall(english[path])) != set(HOLE.findall(chinese[path]))]
    assert differing == []


def test_chinese_words_are_chinese() -> None:
    foreign = [
        path
        for path, word in entries("zh").items()
        if not SAME_IN_BOTH.match(path) and re.search("[A-Za-z]", word) and not re.search("[\u4e00-\u9fff]", word)
    ]
    assert [path for path in foreign if not _is_name(entries("zh")[path])] == []


def _is_name(word: str) -> bool:
    """A short technical name such as YAML, CSV or an address, and nothing else."""
    return bool(re.fullmatch(r"[A-Z][A-Za-z0-9]*( ?/ ?[A-Z][A-Za-z0-9]*)*|\W*\{\w+\}.*", word))


def test_every_word_that_a_page_asks_for_is_there() -> None:
    """Calls with a literal path are looked up here; paths from data have their tests by value."""
    asked = re.compile(r"""words\(((?:\s*"[a-z0-9_]+"\s*,?)+)\)""")
    known = entries("en")
    missing = [
        f"{file.name}: {path}"
        for file in sorted(CATALOGUES.parent.rglob("*.py"))
        for call in asked.findall(file.read_text(encoding="utf-8"))
        if (path := ".".join(re.findall(r'"([a-z0-9_]+)"', call))) not in known
    ]
    assert missing == []


def test_every_value_of_the_language_has_its_word() -> None:
    from typing import get_args

    for language in LANGUAGES:
        say = words(language)
        assert all(say("cohorts", cohort) for cohort in COHORTS)
        assert all(say("phases", phase) for phase in PHASE_DAYS)
        assert all(say("buckets", bucket) for bucket in BUCKETS)
        assert all(say("status", status) for status in get_args(PlanStatus))
