"""Pages as PDF: typst sets a template with data beside it, offline, with glyphs for Chinese."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FONTS = ("Noto Sans CJK SC",)
"""Fonts that a template may name; no others are looked for, so that a page looks the same everywhere."""
DATA = "data.json"
"""The file a template reads its data from."""


def typeset(template: str, data: Mapping[str, Any], pictures: Mapping[str, str], at: datetime) -> bytes:
    """Give the PDF of a typst template; it reads `data.json` and each SVG of `pictures` by its name.

    Text of `data` stays text: typst reads it as values and never as markup. `at` is the instant the file names.
    """
    import typst

    files: Any = {
        "main.typ": template.encode(),
        DATA: json.dumps(data, ensure_ascii=False).encode(),
        **{name: svg.encode() for name, svg in pictures.items()},
    }
    made = typst.compile(
        files, font_paths=[str(_fonts())], ignore_system_fonts=True, format="pdf", timestamp=round(at.timestamp())
    )
    assert isinstance(made, bytes), "one file is asked for"
    return made


@cache
def _fonts() -> Path:
    import noto_cjk_sans_otc

    return Path(noto_cjk_sans_otc.__file__).parent
