"""The one sentence that answers an answer, in the person's language."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from memory.domain.market import Shop

FILE = Path(__file__).parent / "replies.yaml"


def reply(answer: Literal["stop", "start", "help"], language: str, shop: Shop) -> str:
    """Give the reply; English where the language has none. It holds no offer and no link."""
    words = _file()[answer]
    text: str = words.get(language, words["en"])
    return text.replace("{shop}", shop.name).replace("{email}", shop.sender_email)


@cache
def _file() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return raw
