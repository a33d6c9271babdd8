"""`secondorder chat`: draft and change a plan in Chinese or English."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .command import command
from .desk import Desk

if TYPE_CHECKING:
    from agent.chat.events import ChatEvent

ENDS = {"/quit", "/exit", "quit", "exit", "再见"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "chat")(chat)


def chat(
    desk: Desk,
    say: Annotated[list[str] | None, typer.Option("--say", help="Say this and end; may be repeated.")] = None,
    thread: Annotated[str, typer.Option("--thread", metavar="ID", help="Go on with this thread.")] = "",
) -> None:
    """Draft, ask why, change and undo in Chinese or English; each turn ends in the plan and what changed."""
    from api.verbs.chat import open_chat

    desk.require("plan")
    chat_id = thread or open_chat(desk.acting)
    if say:
        found = [event for text in say for event in _turn(desk, chat_id, text)]
        desk.emit(found)
        return
    desk.remark("Say what you want; /quit ends. For example: draft the plan. 德国别发短信,预算两千欧,VIP 先买")
    while (text := _asked(desk)) is not None:
        if text:
            _turn(desk, chat_id, text)
    desk.remark(f"Go on with: secondorder chat --thread {chat_id}")


def _asked(desk: Desk) -> str | None:
    """Read one line; none at the end."""
    try:
        text = desk.err.input("[bold]> [/bold]").strip()
    except (EOFError, KeyboardInterrupt):
        return None
    return None if text.lower() in ENDS else text


def _turn(desk: Desk, chat_id: str, text: str) -> list[dict[str, Any]]:
    """Take one turn and show it as it comes."""
    from api.verbs.chat import turn

    found = []
    with desk.err.status("…") as status:
        for event in turn(desk.acting, chat_id, text):
            found.append(event.model_dump(mode="json"))
            if not desk.is_json:
                status.stop()
                _show(desk, event)
                status.start()
    return found


def _show(desk: Desk, event: "ChatEvent") -> None:
    from rich.markup import escape

    match event.kind:
        case "text":
            desk.out.print(escape(event.text))
        case "tool":
            desk.remark(f"  {event.tool}{' refused' if event.is_refused else ''}")
        case "plan":
            plan = event.plan
            desk.out.print(f"[bold]{escape(plan.title)}[/bold] {plan.id[:12]}")
            desk.out.print(f"{len(plan.steps())} steps, {plan.budget.total}, {plan.holdout.rate:.0%} withheld")
        case "refused":
            for reason in event.reasons:
                desk.out.print(f"[red]{reason.rule}[/red] {escape(reason.message)}")
        case "diff":
            for line in event.words:
                desk.out.print(f"[yellow]~[/yellow] {escape(line)}")
        case "done":
            if event.plan_id:
                desk.remark(f"plan {event.plan_id[:12]}, session {event.session_id}")
