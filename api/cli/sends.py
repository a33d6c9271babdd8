"""`secondorder tick`, `decide`, `dispatch`, `run`, `outbox` and `settle`: from a live plan to handed-off messages."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .command import command
from .desk import Desk, instant_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from agent.dispatch import DispatchReport
    from agent.tick import TickReport


def register(app: typer.Typer) -> None:
    """Add the commands, under their own names and under `plan`."""
    from . import plan

    for name, function in (
        ("tick", tick),
        ("decide", decide),
        ("dispatch", dispatch),
        ("run", run),
        ("outbox", outbox),
        ("settle", settle),
    ):
        for group in (app, plan.group):
            command(group, name)(function)


def tick(
    desk: Desk,
    at: Annotated[str, typer.Option(metavar="INSTANT", help="The slot; the present hour where none is given.")] = "",
) -> None:
    """Turn due steps into decisions and planned messages; the same slot again does nothing."""
    from api.verbs.sends import tick as decide

    from .tables import facts

    report = decide(desk.acting, instant_from(at))
    desk.emit(report, facts(report.model_dump()))


def decide(
    desk: Desk,
    explain: Annotated[str, typer.Option(metavar="ID", help="Say why this decision fell as it did instead.")] = "",
    at: Annotated[str, typer.Option(metavar="INSTANT", help="The slot; the present hour where none is given.")] = "",
    language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en",
) -> None:
    """Decide per person what is due, as `tick` does; with --explain, say why one decision fell and what flips it."""
    from .decision import show_why

    if explain:
        show_why(desk, explain, language)
    else:
        tick(desk, at)


def dispatch(
    desk: Desk,
    limit: Annotated[int | None, typer.Option(min=1, max=10_000_000, help="At most so many per channel.")] = None,
    worker: Annotated[str, typer.Option(help="This worker's name.")] = "worker-1",
) -> None:
    """Hand off due messages after all checks of this very instant."""
    from api.verbs.sends import dispatch as hand_off

    report = hand_off(desk.acting, limit, worker)
    desk.emit(report, *_shown(report))
    if report.refused:
        raise typer.Exit(1)


def run(
    desk: Desk,
    rounds: Annotated[
        int, typer.Option(min=0, help="So many minutes of this shop only; 0 works for every shop until stopped.")
    ] = 0,
) -> None:
    """Fire schedules, carry out runs and hand off what is due until stopped; or tick and dispatch `rounds` times."""
    import time

    from api.verbs.sends import run as loop
    from api.verbs.sends import work

    if rounds == 0:
        work(desk.acting, lambda shop_id, sent: desk.remark(f"{shop_id}: sent {sent.n_sent}"))
        return

    def heard(ticked: "TickReport", sent: "DispatchReport") -> None:
        desk.remark(f"{ticked.slot_at:%Y-%m-%d %H:%M} planned {ticked.n_planned}, sent {sent.n_sent}")
        done.append({"tick": ticked, "dispatch": sent})

    done: list[dict[str, object]] = []
    loop(desk.acting, heard, time.sleep, rounds)
    desk.emit(done, f"{len(done)} rounds.")


def outbox(desk: Desk, plan: Annotated[str, typer.Option(metavar="PLAN", help="Only this plan.")] = "") -> None:
    """Count messages per channel and state; those nobody can speak for are listed, and so is what is held."""
    from api.verbs.channels import channels as list_channels
    from api.verbs.sends import outbox as count
    from api.verbs.sends import unknown

    from .tables import table

    counts, lost = count(desk.acting, plan or None), unknown(desk.acting)
    rows = [(one.channel, one.state, one.reason, one.n_messages) for one in counts]
    shown: list[RenderableType] = [table("Outbox", ("channel", "state", "reason", "messages"), rows)]
    held = sum(one.n_messages for one in counts if (one.state, one.reason) == ("planned", "warm_up"))
    if held:
        shown.append(f"{held:,} mails wait while the sending domain warms up; `secondorder channel list` says more.")
    channels = list_channels(desk.acting)
    shown += [f"{one.channel}: circuit {one.circuit}, {one.trouble}" for one in channels if one.circuit != "closed"]
    if lost:
        title = "Unknown: ask the provider, they are never sent again by themselves"
        shown.append(
            table(title, ("key", "channel", "due"), [(one.send_key, one.channel, one.send_at) for one in lost])
        )
    desk.emit({"counts": counts, "unknown": lost, "channels": channels}, *shown)


def settle(
    desk: Desk,
    send_keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys that `outbox` lists as unknown.")],
    was: Annotated[str, typer.Option("--was", metavar="sent|not-sent", help="What the provider's own list shows.")],
    note: Annotated[str, typer.Option(help="How you know, without personal data.")],
) -> None:
    """Say of unknown messages whether they left; nothing is sent by it, and it is on the record."""
    from api.verbs.sends import settle as say

    from .desk import one_of
    from .tables import facts

    words: tuple[Literal["sent", "not-sent"], ...] = ("sent", "not-sent")
    has_left = one_of("--was", was, words) == "sent"
    found = say(desk.acting, send_keys, has_left=has_left, note=note)
    desk.emit(found, facts(found.model_dump()))


def _shown(report: "DispatchReport") -> "Iterator[RenderableType]":
    from .tables import facts

    yield facts(report.model_dump(exclude={"refused"}))
    for one in report.refused:
        yield f"[red]{one.path}[/red] {one.message}"
