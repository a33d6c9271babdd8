"""What every page of the workspace shares: language, colours, style."""

from functools import cache
from pathlib import Path

from .visitor import Visitor
from .words import HTML_LANG


def page_frame(visitor: Visitor) -> None:
    """Set the page's language, title and looks; call it first."""
    from nicegui import ui

    language = visitor.language
    ui.page_title(visitor.words("app"))
    ui.colors(primary="#1f4f46", secondary="#565d66", accent="#a4501f", positive="#1f4f46", negative="#9b1c1c")
    ui.add_head_html(f"<style>{_style()}</style>")
    ui.run_javascript(f'document.documentElement.lang = "{HTML_LANG[language]}"')


@cache
def _style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
