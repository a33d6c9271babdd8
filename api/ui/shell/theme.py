"""Light or dark: as the visitor chose, else as their device says."""

from typing import Literal

from .visitor import Visitor

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
THEME = "theme"
EARLY = """<script>
(() => {
  const chosen = "%s", device = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    document.documentElement.dataset.theme = chosen === "auto" ? (device.matches ? "dark" : "light") : chosen;
  };
  set();
  device.addEventListener("change", set);
})();
</script>"""
"""Runs before anything is painted, so that no page flashes in the other theme."""


def theme_of(visitor: Visitor) -> Theme:
    """Give the theme that the visitor chose; `auto` follows the device."""
    return next((one for one in THEMES if one == visitor.kept.get(THEME)), "auto")


def next_theme(visitor: Visitor) -> None:
    """Change from auto to light to dark to auto."""
    visitor.kept[THEME] = THEMES[(THEMES.index(theme_of(visitor)) + 1) % len(THEMES)]


def use_theme(visitor: Visitor) -> None:
    """Set the page's theme; call it first on a page."""
    from nicegui import ui

    chosen = theme_of(visitor)
    ui.add_head_html(EARLY % chosen)
    ui.dark_mode(None if chosen == "auto" else chosen == "dark")
