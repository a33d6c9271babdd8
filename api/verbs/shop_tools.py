"""What an outside assistant may ask of a shop beside the planner's tools: the commands' JSON, without arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from memory.domain.base import Frozen
from memory.domain.principal import Permission

from . import effects
from .acting import Acting


@dataclass(frozen=True)
class ShopTool:
    """One verb of a shop as an outside assistant calls it; it is no tool of our planners."""

    name: str
    """What it is called by."""
    description: str
    """One sentence."""
    permission: Permission
    """What it asks of the caller."""
    run: Callable[[Acting], Frozen]
    """The verb; it checks the permission itself, too."""

    def schema(self) -> dict[str, Any]:
        """Give the arguments as JSON schema: none."""
        return {"type": "object", "properties": {}}


SHOP_TOOLS = (
    ShopTool("show_effects", "What each message adds for whom, learned from this shop's own decisions; aggregates.",
             "read", effects.show),
    ShopTool("learn_effects", "Learn those effects from every decision now, for the next ticks; takes a while.",
             "plan", effects.learn),
)  # fmt: skip
"""All of them."""
