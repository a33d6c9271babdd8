"""Turns Vega-Lite into SVG and PNG without network, with glyphs for Chinese and Japanese."""

import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

FONT = "Noto Sans CJK SC"
"""The font that widths are measured with; browsers fall back to their own where they have none."""
INK, MUTED, GRID = "#1c2733", "#64707d", "#e4e8ec"
ACCENT, WARM, PALE = "#0f766e", "#c2570c", "#b8c4ce"
WIDTH = 440


def inline(values: list[dict[str, Any]]) -> Any:
    """Give rows as data that travels inside the chart."""
    import altair as alt

    make: Any = alt.Data  # untyped in altair
    return make(values=values)


def themed(chart: Any, *, height: int, width: int = WIDTH) -> Any:
    """Give an altair chart the product's size, colours and font."""
    text = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 13, "titleFontSize": 13}
    return (
        chart.properties(width=width, height=height, background="transparent")
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(grid=False, domainColor=PALE, tickColor=PALE, titleFontWeight="normal", titlePadding=10, **text)
        .configure_text(color=INK, fontSize=13)
    )


def plain(text: str) -> str:
    """Give text without what is no letter, digit, space or common sign: titles of goods come from outside."""
    return re.sub(r"[^\w .,:;/&'()+%#<>=!?*\"·，。：；（）“”、-]", " ", text).strip()


def to_svg(chart: Any, label: str) -> str:
    """Render an altair chart as one `<svg>` element that scales with its container and reads out as `label`."""
    import vl_convert

    _register_fonts()
    svg = str(vl_convert.vegalite_to_svg(chart.to_dict(format="vega-lite")))
    head = f'<svg role="img" aria-label="{escape(plain(label), quote=True)}" style="width:100%;height:auto" '
    svg = re.sub(r"<svg ", head, svg, count=1)
    unique = hashlib.sha256(svg.encode()).hexdigest()[:8]  # several pictures on one page must not share ids
    svg = re.sub(r'(id="|url\(#)(?=[a-z]+\d+["\)])', rf"\g<1>{unique}-", svg)
    return svg[svg.index("<svg") :]


def to_png(svg: str, *, scale: float = 2.0) -> bytes:
    """Render an SVG of ours as PNG bytes."""
    import vl_convert

    _register_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


@cache
def _register_fonts() -> None:
    import noto_cjk_sans_otc
    import vl_convert

    vl_convert.register_font_directory(str(Path(noto_cjk_sans_otc.__file__).parent))
