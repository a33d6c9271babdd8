"""The workspace's words in English and Chinese."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

UiLanguage = Literal["en", "zh"]
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

    def some(self, key: str) -> list[str]:
        """Give a list of words."""
        return list(self._entries[key])

    def day(self, offset: int) -> str:
        """Give the name of a day of the plan."""
        return f"第{offset}天" if self.language == "zh" else f"D{offset}"


@cache
def words(language: UiLanguage) -> Words:
    """Give the words of a language, read once."""
    entries = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return Words(language, entries[language])
