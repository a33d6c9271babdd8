"""The page of what runs and what is sent: runs and schedules, the outbox, the record of who did what."""

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import heading, tabs
from api.ui.shell.visitor import Visitor

from .record import Record
from .running import Running
from .sends import Sends

PARTS: dict[str, type[Running] | type[Sends] | type[Record]] = {"runs": Running, "sends": Sends, "audit": Record}
"""The parts of the page by the name their address has; the first is open where none is named."""
KEEP_FOCUS = """<script>
addEventListener("focusin", (event) => { window.soFocus = event.target.id; });
addEventListener("focusout", (event) => {
  if (event.relatedTarget || event.target.isConnected) setTimeout(() => {
    if (event.target.isConnected && document.activeElement === document.body) window.soFocus = "";
  });
});
new MutationObserver(() => {
  const lost = document.activeElement === document.body && window.soFocus;
  if (lost) document.getElementById(window.soFocus)?.focus({preventScroll: true});
}).observe(document.documentElement, {childList: true, subtree: true});
</script>"""
"""Gives the focus back to the element of the same id where a card was drawn anew under it."""


def register(app: App) -> None:
    """Add the page; `?part=` opens another part than the first."""
    add_page(app, "/runs", "read", build)


def build(visitor: Visitor) -> None:
    """Make the page with the part that the address names."""
    from nicegui import ui

    words, zone = visitor.words, visitor.acting().shop().zone
    asked = ui.context.client.request.query_params.get("part", "")
    part = asked if asked in PARTS else "runs"
    ui.add_head_html(KEEP_FOCUS)
    header(visitor, "runs")
    with ui.element("div").classes("so-page so-single so-runs"):
        ui.html(heading(words("runs", "titles", part), words("runs", "zone").format(zone=zone)), sanitize=False)
        links = [(f"/ui/runs?part={one}", words("runs", "parts", one), one == part) for one in PARTS]
        ui.html(tabs(words("runs", "parts_label"), links), sanitize=False)
        PARTS[part](visitor).build()
