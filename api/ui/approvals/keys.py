"""Optional shortcuts of one letter, off until somebody asks for them (WCAG 2.1.4); Tab reaches everything anyway."""

from typing import TYPE_CHECKING, Any

from api.ui.shell.visitor import Visitor
from api.verbs import approvals
from memory.domain.approval import ApprovalDecision

from .deciding import NOTE

if TYPE_CHECKING:
    from .deciding import Deciding

KEPT = "shortcuts"
DECIDES: dict[str, ApprovalDecision] = {"a": "approve", "s": "send_back", "r": "reject"}
FOCUSES = {"n": NOTE}
MOVES = {"j": 1, "k": -1}
LETTERS = (*DECIDES, *FOCUSES, *MOVES)


class Keys:
    """The switch for shortcuts, what they are, and what they do."""

    def __init__(self, visitor: Visitor, approval_id: str) -> None:
        """Begin with what the visitor chose last."""
        self._visitor, self._id = visitor, approval_id

    def build(self, panel: "Deciding") -> None:
        """Make the switch and the list."""
        from nicegui import ui

        words, is_on = self._visitor.words, bool(self._visitor.kept.get(KEPT))

        def switch(event: Any) -> None:
            self._visitor.kept[KEPT] = bool(event.value)
            keyboard.active = bool(event.value)
            listed.set_visibility(bool(event.value))

        async def pressed(event: Any) -> None:
            held = event.modifiers
            if event.action.keydown and not event.action.repeat and not (held.ctrl or held.alt or held.meta):
                await self._press(str(event.key), panel)

        ui.checkbox(words("approvals", "shortcuts"), value=is_on, on_change=switch)
        rows = "".join(f"<li><kbd>{one}</kbd> {words('approvals', 'keys', one)}</li>" for one in LETTERS)
        listed = ui.html(f'<ul class="so-keys">{rows}</ul>', sanitize=False)
        listed.set_visibility(is_on)
        keyboard = ui.keyboard(on_key=pressed, active=is_on, ignore=["input", "select", "textarea"])

    async def _press(self, key: str, panel: "Deciding") -> None:
        from nicegui import ui

        if key in DECIDES:
            await panel.decider(DECIDES[key])()
        elif key in FOCUSES:
            ui.run_javascript(f"document.getElementById('{FOCUSES[key]}')?.focus()")
        elif key in MOVES:
            there = self._neighbour(MOVES[key])
            if there:
                ui.navigate.to(f"/approvals/{there}")

    def _neighbour(self, step: int) -> str:
        ids = [one.id for one in approvals.waiting(self._visitor.acting())]
        if self._id not in ids:
            return ids[0] if ids else ""
        place = ids.index(self._id) + step
        return ids[place] if 0 <= place < len(ids) else ""
