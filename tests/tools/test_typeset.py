"""Typst sets pages offline: text is text, Chinese has its font, the same input gives the same bytes."""

from datetime import UTC, datetime

import pytest

from tools.typeset import FONTS, typeset

pytestmark = pytest.mark.slow

AT = datetime(2025, 12, 2, tzinfo=UTC)
TEMPLATE = f'#let data = json("data.json")\n#set text(font: "{FONTS[0]}")\n#data.said\n#image("one.svg")'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'


def test_a_page_is_made_and_is_the_same_each_time() -> None:
    made = [typeset(TEMPLATE, {"said": "复购率 38.5%"}, {"one.svg": SVG}, AT) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-") and b"NotoSansCJK" in made[0]  # the font is inside


def test_what_looks_like_markup_stays_text() -> None:
    hostile = '#read("data.json") = *x* $1/0$ #panic("no")'
    assert typeset(TEMPLATE, {"said": hostile}, {"one.svg": SVG}, AT).startswith(b"%PDF-")
    with pytest.raises(RuntimeError):
        typeset('#panic("no")', {}, {}, AT)
