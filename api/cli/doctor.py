"""`secondorder doctor`: whether everything is here that a campaign needs."""

import typer

from .command import EXIT_FAILED, command
from .desk import Desk

MARKS = {"good": "[green]good[/green]", "note": "[yellow]note[/yellow]", "bad": "[red]bad[/red]"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "doctor")(doctor)


def doctor(desk: Desk) -> None:
    """Check python, store, lake, fonts, language model, channels, disk and open files, each with its remedy."""
    from rich.table import Table

    from agent.health import examine

    findings = examine(desk.app)
    shown = Table(show_header=False, box=None, pad_edge=False)
    for finding in findings:
        shown.add_row(MARKS[finding.state], finding.part, finding.found)
        if finding.remedy:
            shown.add_row("", "", f"[dim]{finding.remedy}[/dim]")
    desk.emit(findings, shown)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(EXIT_FAILED)
