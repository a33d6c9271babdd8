"""Columns and rows with their value written on them."""

from collections.abc import Sequence

from .svg import ACCENT, MUTED, PALE, inline, themed, to_svg


def share_columns(rows: Sequence[tuple[str, float, str]], *, label: str) -> str:
    """Draw (name, share, words under the share) as columns in the given order."""
    import altair as alt

    values = [
        {"name": name, "share": share, "top": f"{share:.1%}" if share < 1 else "100%", "note": note, "at": at}
        for at, (name, share, note) in enumerate(rows)
    ]
    x = alt.X(
        "name:N", sort=alt.SortField("at"), title=None, axis=alt.Axis(labelAngle=0, labelFontSize=14, ticks=False)
    )
    y = alt.Y("share:Q", axis=None, scale=alt.Scale(domain=[0, 1.22]))
    base = alt.Chart(inline(values)).encode(x=x, y=y)
    colour = alt.condition("datum.at == 0", alt.value(PALE), alt.value(ACCENT))
    bars = base.mark_bar(size=52, cornerRadiusEnd=4).encode(color=colour)
    tops = base.mark_text(dy=-26, fontWeight="bold", fontSize=16).encode(text="top:N")
    notes = base.mark_text(dy=-9, color=MUTED, fontSize=12).encode(text="note:N")
    return to_svg(themed(bars + tops + notes, height=200), label)


def amount_rows(rows: Sequence[tuple[str, float, str]], *, label: str) -> str:
    """Draw (name, amount, amount in words) as horizontal bars in the given order."""
    import altair as alt

    values = [{"name": name, "amount": amount, "word": word, "at": at} for at, (name, amount, word) in enumerate(rows)]
    largest = max((amount for _, amount, _ in rows), default=1) or 1
    axis = alt.Axis(ticks=False, domain=False, labelFontSize=14, labelLimit=240)
    y = alt.Y("name:N", sort=alt.SortField("at"), title=None, axis=axis)
    x = alt.X("amount:Q", axis=None, scale=alt.Scale(domain=[0, largest * 1.35]))
    base = alt.Chart(inline(values)).encode(x=x, y=y)
    colour = alt.condition("datum.at == 0", alt.value(PALE), alt.value(ACCENT))
    bars = base.mark_bar(size=30, cornerRadiusEnd=4).encode(color=colour)
    words = base.mark_text(align="left", dx=8, fontWeight="bold", fontSize=15).encode(text="word:N")
    return to_svg(themed(bars + words, height=48 * max(len(rows), 1)), label)
