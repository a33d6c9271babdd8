"""The zone of whoever looks: as their browser says, the shop's until it did."""

from zoneinfo import ZoneInfo

from api.ui.shell.visitor import Visitor

ZONE = "zone"
ASK = "Intl.DateTimeFormat().resolvedOptions().timeZone"


async def my_zone(visitor: Visitor) -> str:
    """Give the browser's IANA zone, which is remembered; the shop's where the browser says none that is known."""
    from nicegui import ui

    kept = str(visitor.kept.get(ZONE, ""))
    if not kept:
        try:
            kept = str(await ui.run_javascript(ASK, timeout=3.0))
        except TimeoutError:
            kept = ""
        if is_zone(kept):
            visitor.kept[ZONE] = kept
    return kept if is_zone(kept) else visitor.acting().shop().zone


def is_zone(name: str) -> bool:
    """Say whether a name is an IANA zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return bool(name)
