"""Reading an answer by text message: deterministic, and rather one stop too many than one too few."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Answer = Literal["stop", "start", "help", "other"]
FILE = Path(__file__).parent / "words.yaml"
MAX_CHARS = 2_000
"""Ten parts of a text message; what follows is not read."""
_QUOTED = re.compile(r"^\s*(?:[>|»]|on .{1,80} wrote:|am .{1,80} schrieb.*:|le .{1,80} a ecrit\s*:)", re.IGNORECASE)
_SPACED = re.compile(r"\b(?:\w[ .\-_*]){2,}\w\b")
PROMISE = "reply stop to opt out"
"""How our own English messages speak of stopping: in a quoted one it is no answer, alone it is."""


def classify(text: str) -> Answer:
    """Say what an answer wants, in any of the listed languages at once; `other` for everything else.

    Quoted lines count only where nothing else was written. Stop wins over everything; starting again needs the whole
    message to be a keyword.
    """
    lines = [_folded(line) for line in text[:MAX_CHARS].splitlines()]
    own = [line for line in lines if line and not _QUOTED.match(line)]
    said = own or [re.sub(r"^[>|»\s]+", "", line) for line in lines if line]
    if any(_bare(line) != PROMISE for line in said):
        said = [line.replace(PROMISE, " ") for line in said]
    whole = _bare(" ".join(said))
    if not whole:
        return "help" if set("".join(said)) in ({"?"}, {"？"}) else "other"
    if _is_stop(whole, said):
        return "stop"
    if whole in _words()["start"]:
        return "start"
    return "help" if whole in _words()["help"] else "other"


def _is_stop(whole: str, said: list[str]) -> bool:
    joined = _joined(whole)
    if whole in _words()["alone"] or joined in _words()["alone"]:
        return True
    texts = {whole, joined, *map(_bare, said)}
    return any(_anywhere().search(text) for text in texts)


def _folded(line: str) -> str:
    """Give lower case without accents, width and invisible signs; German sharp s becomes ss."""
    plain = unicodedata.normalize("NFKC", line).casefold()
    apart = unicodedata.normalize("NFD", plain)
    kept = (sign for sign in apart if not unicodedata.combining(sign) or sign in "\u3099\u309a")
    joined = unicodedata.normalize("NFC", "".join(kept)).replace("\u2019", "'").replace("\u02bc", "'")
    return "".join(sign for sign in joined if unicodedata.category(sign) not in ("Cf", "Cc", "Co")).strip()


def _bare(text: str) -> str:
    """Give words alone: signs, emoji and punctuation become spaces; an apostrophe or hyphen inside a word stays."""
    kept = "".join(sign if sign.isalnum() or sign in "'-" or sign == " " else " " for sign in text)
    return " ".join(word.strip("'-") for word in kept.split() if word.strip("'-"))


def _joined(text: str) -> str:
    """Give spaced-out letters as words: `s t o p` is stop."""
    return _SPACED.sub(lambda found: re.sub(r"[ .\-_*]", "", found[0]), text)


@cache
def _file() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return raw


@cache
def _words() -> dict[str, frozenset[str]]:
    found = _file()
    lists = {"alone": found["stop"]["alone"], "start": found["start"], "help": found["help"]}
    return {
        name: frozenset(_bare(_folded(word)) for words in table.values() for word in words)
        for name, table in lists.items()
    }


@cache
def _anywhere() -> re.Pattern[str]:
    """Every stop word: between word borders in alphabets with spaces, anywhere in Chinese and Japanese."""
    parts = []
    for words in _file()["stop"]["anywhere"].values():
        for word in map(str, words):
            plain = re.escape(_bare(_folded(word)))
            parts.append(rf"(?<![a-z0-9]){plain}(?![a-z0-9])" if word.isascii() else plain)
    return re.compile("|".join(sorted(set(parts), key=len, reverse=True)))
