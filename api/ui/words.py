"""The workspace's words in English and Chinese."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

UiLanguage = Literal["en", "zh"]
FILES = ("words.yaml", "words_runs.yaml", "words_results.yaml")
LANGUAGES: tuple[UiLanguage, ...] = ("en", "zh")
HTML_LANG: dict[UiLanguage, str] = {"en": "en", "zh": "zh-CN"}


class Words:
    """One language's words; an unknown key is a `KeyError`."""

    def __init__(self, language: UiLanguage, entries: dict[str, Any]) -> None:
        """Hold the words of `language`."""
        self.language = language
        self._entries = entries

    def __call__(self, *path: str) -> str:
        """Give the word at a path such as `("phases", "review")`."""
        found: Any = self._entries
        for part in path:
            found = found[part]
        return str(found)

    def known(self, *path: str, otherwise: str) -> str:
        """Give the word at a path whose last part comes from data, or the word `otherwise` beside it."""
        *place, key = path
        found: Any = self._entries
        for part in place:
            found = found[part]
        return str(found.get(key, found[otherwise]))

    def some(self, *path: str) -> list[str]:
        """Give a list of words."""
        found: Any = self._entries
        for part in path:
            found = found[part]
        return [str(word) for word in found]

    def day_of_month(self, day: int) -> str:
        """Give the name of a day of the month."""
        return f"{day}日" if self.language == "zh" else f"on day {day}"

    def day(self, offset: int) -> str:
        """Give the name of a day of the plan."""
        return f"第{offset}天" if self.language == "zh" else f"D{offset}"


@cache
def words(language: UiLanguage) -> Words:
    """Give the words of a language, read once."""
    return Words(language, entries(language))


def entries(language: UiLanguage) -> dict[str, Any]:
    """Give every entry of a language from `FILES`; no key stands in two of them."""
    found: dict[str, Any] = {}
    for name in FILES:
        part = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))[language]
        assert found.keys().isdisjoint(part), name
        found |= part
    return found
