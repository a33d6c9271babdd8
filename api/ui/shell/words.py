"""The workspace's words in English and Chinese: gettext catalogues, one per area, under `api/ui/locale`.

The catalogues are plain `.po` files, so that a translator's own tool opens them. A `msgid` is the path of a word
(`phases.review`), not its English form: two words that are spelled alike in English may differ in Chinese.
"""

from functools import cache
from pathlib import Path
from typing import Literal

UiLanguage = Literal["en", "zh"]
LANGUAGES: tuple[UiLanguage, ...] = ("en", "zh")
HTML_LANG: dict[UiLanguage, str] = {"en": "en", "zh": "zh-CN"}
LOCALE: dict[UiLanguage, str] = {"en": "en", "zh": "zh_CN"}
"""The name of a language in Babel and of its folder."""
CATALOGUES = Path(__file__).parent.parent / "locale"


class Words:
    """One language's words; an unknown path is a `KeyError`."""

    def __init__(self, language: UiLanguage, entries: dict[str, str]) -> None:
        """Hold the words of `language`."""
        self.language = language
        self._entries = entries

    def __call__(self, *path: str) -> str:
        """Give the word at a path such as `("phases", "review")`."""
        return self._entries[".".join(path)]

    def found(self, *path: str) -> str | None:
        """Give the word at a path from data, or none where nobody wrote it."""
        return self._entries.get(".".join(path))

    def known(self, *path: str, otherwise: str) -> str:
        """Give the word at a path whose last part comes from data, or the word `otherwise` beside it."""
        *place, key = path
        found = self.found(*place, key)
        return self(*place, otherwise) if found is None else found

    def some(self, *path: str) -> list[str]:
        """Give a list of words: those whose paths end in 0, 1, 2 and so on."""
        found: list[str] = []
        while (one := self._entries.get(".".join((*path, str(len(found)))))) is not None:
            found.append(one)
        return found

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


def entries(language: UiLanguage) -> dict[str, str]:
    """Give every word of a language by its path, from all its catalogues; no path stands in two of them."""
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for file in sorted((CATALOGUES / LOCALE[language]).glob("*.po")):
        with file.open("rb") as opened:
            catalogue = read_po(opened, locale=LOCALE[language], abort_invalid=True)
        part = {str(message.id): str(message.string) for message in catalogue if message.id}
        assert found.keys().isdisjoint(part), f"{file.name} repeats {sorted(found.keys() & part.keys())}"
        found |= part
    return found
