"""The decision: how it is released, a note, three buttons; it asks before it acts and decides about what was shown."""

from collections.abc import Callable
from typing import Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.numbers import percent
from api.ui.shell.parts import do
from api.ui.shell.visitor import Visitor
from api.verbs import approvals
from api.verbs.approvals import Standing
from memory.domain.approval import ApprovalDecision

DECISIONS: tuple[tuple[ApprovalDecision, str], ...] = (
    ("approve", "unelevated no-caps color=primary"),
    ("send_back", "outline no-caps color=primary"),
    ("reject", "outline no-caps color=negative"),
)
NOTE, STAGED = "so-note", "so-staged"


class Deciding:
    """The elements of one decision."""

    def __init__(self, visitor: Visitor, found: Standing, shown_hash: str, *, unread: tuple[str, ...] = ()) -> None:
        """Decide about the request as it was shown; `unread` are markets whose texts nobody has read yet."""
        self._visitor, self._found, self._hash, self._unread = visitor, found, shown_hash, unread
        self._note: Any = None
        self._staged: Any = None

    def build(self, *, is_short: bool = False) -> None:
        """Make the choice, the note and the buttons; a short one has no choice of release and no way back."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-deciding"):
            if not is_short:
                choices = {True: self._stages(), False: words("approvals", "at_once")}
                ui.html(f'<h3 id="{STAGED}">{words("approvals", "release")}</h3>', sanitize=False)
                self._staged = ui.radio(choices, value=True).props(f'role=radiogroup aria-labelledby="{STAGED}"')
            self._note = ui.textarea(words("note")).props(f"outlined autogrow maxlength=2000 for={NOTE}")
            if self._unread:
                said = words("approvals", "unread").format(markets=", ".join(self._unread))
                ui.label(said).classes("so-soft").props("id=so-unread")
            with ui.element("div").classes("so-buttons"):
                for decision, looks in DECISIONS:
                    if is_short and decision == "send_back":
                        continue
                    button = ui.button(words("decisions", decision), on_click=self.decider(decision))
                    button.props(f"{looks} id=do-{decision}")
                    if decision == "approve" and self._unread:
                        button.props('disable aria-describedby="so-unread"')

    def decider(self, decision: ApprovalDecision) -> Callable[[], Any]:
        """Give what asks and then decides."""

        async def decide() -> None:
            await self._decide(decision)

        return decide

    async def _decide(self, decision: ApprovalDecision) -> None:
        from nicegui import ui

        words, note = self._visitor.words, str(self._note.value or "").strip()
        if decision == "approve" and self._unread:
            return
        if decision == "send_back" and not note:
            ui.notify(words("approvals", "note_needed"), color="negative", close_button="OK", timeout=8000)
            ui.run_javascript(f"document.getElementById('{NOTE}')?.focus()")
            return
        is_staged = decision == "approve" and (self._staged is None or bool(self._staged.value))
        name = words("decisions", decision)
        text = words("approvals", "asks", f"{decision}_staged" if is_staged else decision)
        question = Question(
            title=words("approvals", "question").format(what=name), text=text, yes=name, no=words("stop", "cancel"),
            is_harsh=decision == "reject",
        )  # fmt: skip
        if await ask(question, back_to=f"do-{decision}") is None:
            return
        one = self._found.approval
        done = await do(
            self._visitor,
            lambda acting: approvals.decide(acting, one.id, decision, note, self._hash, is_staged=is_staged),
            "",
        )
        if done is not None:
            ui.navigate.reload()

    def _stages(self) -> str:
        words = self._visitor.words
        stages = [
            words("approvals", "stage").format(rate=percent(one.share_rate, words.language, 0), hours=one.wait_hours)
            for one in self._found.stages
        ]
        return words("approvals", "staged").format(stages=words("approvals", "stage_join").join(stages))
