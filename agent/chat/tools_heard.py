"""What a session's record says of tools, as events of a chat: a call and its answer become one."""

from typing import Any

from memory.domain.session import SessionEvent

from .events import ToolUsed


class ToolEar:
    """Hears a session's entries in their order."""

    def __init__(self) -> None:
        """Begin with no call open."""
        self._asked: dict[str, Any] = {}

    def hear(self, event: SessionEvent) -> ToolUsed | None:
        """Give the tool's event once its answer is there; none for whatever else was recorded."""
        if event.kind == "tool_call":
            self._asked = event.body["arguments"]
        if event.kind != "tool_result" or event.body["tool"] == "gather":
            return None
        asked, self._asked = self._asked, {}
        result = event.body["result"]
        return ToolUsed(tool=event.body["tool"], is_refused="refused" in result, arguments=asked, result=result)
