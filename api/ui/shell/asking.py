"""A question before something is done: it says what will happen, and nothing happens unless it is answered."""

import json
from typing import Any, NamedTuple


class Question(NamedTuple):
    """What is asked."""

    title: str
    """What is to be done, as a question."""
    text: str
    """What it does, in full."""
    yes: str
    """The word on the button that does it."""
    no: str
    """The word on the button that does not."""
    note: str = ""
    """Label of a line to say why; no line where it is empty."""
    choice: str = ""
    """Label of a box to tick; no box where it is empty."""
    is_harsh: bool = False
    """Whether the button warns by its colour."""


class Answered(NamedTuple):
    """What somebody who said yes gave along."""

    note: str
    """What they wrote."""
    is_chosen: bool
    """Whether they ticked the box."""


async def ask(question: Question, *, back_to: str) -> Answered | None:
    """Ask in a dialog that holds the focus; none where it was left by button or Escape.

    Afterwards the focus is on the element of the id `back_to` again, if it is still there.
    """
    from nicegui import ui

    with ui.dialog().props(f'aria-label="{question.title}"') as dialog, ui.card().classes("so-ask-card"):
        ui.html(f"<h2>{question.title}</h2><p>{question.text}</p>", sanitize=False)
        note: Any = ui.input(question.note).props("outlined dense maxlength=500 autofocus") if question.note else None
        choice: Any = ui.checkbox(question.choice) if question.choice else None
        with ui.element("div").classes("so-ask-buttons"):
            no = ui.button(question.no, on_click=lambda: dialog.submit(False)).props("flat no-caps color=primary")
            yes = ui.button(question.yes, on_click=lambda: dialog.submit(True)).props("unelevated no-caps")
            yes.props(f"color={'negative' if question.is_harsh else 'primary'}")
            if not question.note:
                no.props("autofocus")
    said = await dialog
    if dialog.is_deleted:  # the page is gone, and its answer with it
        return None
    answer = Answered(str(note.value or "") if note else "", bool(choice.value) if choice else False)
    dialog.delete()
    ui.run_javascript(f"setTimeout(() => document.getElementById({json.dumps(back_to)})?.focus(), 50)")
    return answer if said is True else None
