from collections.abc import Iterator
from typing import Any

from api.ui.words import LANGUAGES, entries, words
from memory.domain.approval import PlanStatus
from memory.domain.cohort import COHORTS
from memory.domain.plan import BUCKETS, PHASE_DAYS


def _paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, (*path, str(name)))
    else:
        yield path


def test_both_languages_have_the_same_words() -> None:
    assert set(_paths(entries("en"))) == set(_paths(entries("zh")))


def test_chinese_words_are_chinese() -> None:
    exceptions = {("app",), ("other_language",)}
    said = [path for path in _paths(entries("zh")) if path not in exceptions]
    chinese = entries("zh")
    for path in said:
        value: Any = chinese
        for part in path:
            value = value[part]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(value)), path


def test_every_value_of_the_language_has_its_word() -> None:
    from typing import get_args

    for language in LANGUAGES:
        say = words(language)
        assert all(say("cohorts", cohort) for cohort in COHORTS)
        assert all(say("phases", phase) for phase in PHASE_DAYS)
        assert all(say("buckets", bucket) for bucket in BUCKETS)
        assert all(say("status", status) for status in get_args(PlanStatus))
